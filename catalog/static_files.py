"""Collects the static files for production, and only when one of them has changed."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

# The schema is shown by Swagger UI, and the API speaks JSON alone: a third of all files, unused.
UNUSED = ["drf_spectacular_sidecar/redoc", "rest_framework"]


def collect_static() -> None:
    """Collect, unless the files are those of the last time: it takes most of a second start."""
    note = Path(settings.STATIC_ROOT) / ".collected"
    fingerprint = sha256("\n".join(sorted(_sources())).encode()).hexdigest()
    if note.exists() and note.read_text() == fingerprint:
        return
    note.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=UNUSED)
    # Written last: an interrupted collection is done again.
    note.write_text(fingerprint)


def _sources() -> Iterator[str]:
    for finder in get_finders():
        for path, storage in finder.list(UNUSED):
            file = Path(storage.path(path))
            yield f"{path} {file.stat().st_size} {file.stat().st_mtime_ns}"
