# Everything one does with this project, each by one command. `make` alone lists them.
# Works with the make of macOS (3.81) and from a folder with spaces in its name.

PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet install --require-hashes --no-deps
# Checks need no database and must not make one.
NO_DATABASE := DATABASE_URL=sqlite://:memory: REPLICA_URL=

# A private environment whose Python is gone (an upgrade, another machine) is made anew.
$(shell test ! -e .venv/made || .venv/bin/python -c '' 2>/dev/null || rm -f .venv/made)

.PHONY: help serve dev admin refresh test check bench messages lock

help:
	@echo 'make serve    set everything up, then the site at http://127.0.0.1:8000 (PORT=, HOST=)'
	@echo 'make dev      the same with autoreload and debug pages'
	@echo 'make admin    create an administrator'
	@echo 'make refresh  bring in the records of the registry'
	@echo 'make test     every test (ARGS="-k words" chooses)'
	@echo 'make check    formatter, linter, types, import walls, migrations, deployment'
	@echo 'make bench    the benchmarks'
	@echo 'make messages bring the files of translations in step with the source'
	@echo 'make lock     pin the dependencies of pyproject.toml anew (UPGRADE=1: the newest)'

serve: .venv/run
	@exec $(PY) manage.py serve

dev: .venv/run
	@DEBUG=1 $(PY) manage.py prepare translations migrations seed
	@DEBUG=1 exec $(PY) manage.py runserver "$${HOST:-127.0.0.1}:$${PORT:-8000}"

admin: .venv/run
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py createsuperuser

refresh: .venv/run
	@$(PY) manage.py prepare migrations seed
	@exec $(PY) manage.py refresh

test: .venv/dev
	@exec $(PY) -m tests.run $(ARGS)

check: .venv/dev
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-logo
	$(NO_DATABASE) $(PY) manage.py makemigrations --check --dry-run
	$(NO_DATABASE) DEBUG=0 PUBLIC_URL=https://trials.example.org \
	  SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))')" \
	  $(PY) manage.py check --deploy --fail-level WARNING

bench: .venv/bench
	@exec $(PY) -m bench.run $(ARGS)

messages: .venv/run
	@$(NO_DATABASE) $(PY) manage.py messages

LOCK := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-annotate --custom-compile-command 'make lock' \
  $(if $(UPGRADE),--upgrade)
lock: .venv/dev
	$(LOCK) pyproject.toml --output-file requirements/run.txt
	$(LOCK) pyproject.toml --group dev --constraints requirements/run.txt \
	  --output-file requirements/dev.txt
	$(LOCK) pyproject.toml --group bench --constraints requirements/run.txt \
	  --output-file requirements/bench.txt

# Each file below is written last, by a step that went well: what an interrupted one left behind
# is never trusted.
.venv/made:
	@found=; \
	if [ -n "$$PYTHON" ]; then set -- "$$PYTHON"; \
	else set -- python3 python3.15 python3.14 python3.13 python3.12 python3.11; fi; \
	for python in "$$@"; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	  then found="$$python"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Python 3.11 or newer is needed; here is $$("$$1" -V 2>&1 || echo none)." >&2; \
	  echo 'Install it, or name it: make serve PYTHON=/path/to/python3.13' >&2; exit 1; \
	fi; \
	echo "making .venv with $$("$$found" -V)" >&2; \
	if ! "$$found" -m venv --clear .venv; then \
	  echo 'The private environment could not be made. On Debian or Ubuntu, first:' >&2; \
	  echo '  apt install python3-venv' >&2; exit 1; \
	fi; \
	touch .venv/made

.venv/run: requirements/run.txt .venv/made
	@echo 'installing the pinned dependencies into .venv (first time: a minute or two)' >&2
	@$(PIP) -r requirements/run.txt
	@touch .venv/run

.venv/dev: requirements/dev.txt .venv/run
	@echo 'installing the tools for tests and checks into .venv' >&2
	@$(PIP) -r requirements/dev.txt
	@touch .venv/dev

.venv/bench: requirements/bench.txt .venv/dev
	@echo 'installing what the benchmarks compare with into .venv' >&2
	@$(PIP) -r requirements/bench.txt
	@touch .venv/bench
