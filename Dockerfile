# The site in a container: gunicorn as an ordinary user, dependencies pinned by hash.

FROM python:3.13-slim AS dependencies
COPY requirements/run.txt /tmp/run.txt
RUN python -m venv /venv \
 && /venv/bin/python -m pip install --no-cache-dir --require-hashes --no-deps -r /tmp/run.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000
RUN useradd --create-home --uid 10001 catalogue \
 && install --directory --owner catalogue /app /app/var
WORKDIR /app
COPY --from=dependencies /venv /venv
COPY . .
# As root: the code is not for the server to write.
RUN python -m catalog.translations
USER catalogue
# The key lives for this one command: an image must not carry one.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    DATABASE_URL=sqlite://:memory: \
    python manage.py prepare static
# /app/var: the SQLite file and the generated key, where neither is given.
VOLUME /app/var
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --start-interval=2s \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
CMD ["gunicorn", "-c", "catalog/gunicorn.py", "catalog.wsgi"]
