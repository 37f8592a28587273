"""The forms of the whole catalogue, and the files of them that the site offers."""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.api.documents import documents
from catalog.exports.bundle import write_bundle
from catalog.exports.sqlite_file import write_sqlite
from catalog.exports.twins import CSV_TYPE, NDJSON_TYPE, as_csv, as_ndjson
from catalog.exports.whole import Whole, in_its_place

MANIFEST = "manifest.json"

Pieces = Callable[[Whole], Iterator[bytes]]


def as_json(whole: Whole) -> Iterator[bytes]:
    """One JSON object: the count, and `results` as in the API's lists."""
    yield f'{{"count": {whole.count}, "results": ['.encode()
    before = b"\n"
    for keys in whole.batches():
        for each in documents(keys, whole.origin):
            yield before + each
            before = b",\n"
    yield b"\n]}\n"


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the whole catalogue: written in pieces, or by a program that wants a file."""

    name: str
    file_name: str
    content_type: str
    title: str | Promise
    use: str | Promise
    pieces: Pieces | None = None
    write: Callable[[Whole, Path], None] | None = None

    def write_to(self, whole: Whole, path: Path) -> None:
        """Write all of it at `path`. Raises OSError."""
        if self.write is not None:
            self.write(whole, path)
        else:
            with path.open("wb") as file:
                self.send(whole, file)

    def send(self, whole: Whole, to: BinaryIO) -> None:
        """Write all of it into a stream, such as standard output."""
        assert self.pieces is not None  # noqa: S101 - a form is written in one way or the other
        for piece in self.pieces(whole):
            to.write(piece)


FORMS = {
    form.name: form
    for form in (
        Form(
            "sqlite",
            "stem-cell-trials.sqlite3",
            "application/vnd.sqlite3",
            "SQLite",
            _("A database: all tables with their keys, facts with quotes. Opens in Datasette."),
            write=write_sqlite,
        ),
        Form(
            "csv-bundle",
            "stem-cell-trials-csv.zip",
            "application/zip",
            _("CSV files in a zip"),
            _("The same tables as CSV, described by a datapackage.json (Frictionless Data)."),
            write=write_bundle,
        ),
        Form(
            "csv",
            "stem-cell-trials.csv",
            CSV_TYPE,
            "CSV",
            _("One table, one row a trial. Opens in Excel, Chinese included."),
            pieces=lambda whole: as_csv(whole.batches(), whole.origin),
        ),
        Form(
            "ndjson",
            "stem-cell-trials.ndjson",
            NDJSON_TYPE,
            "JSON Lines",
            _("The API’s own objects, one a line."),
            pieces=lambda whole: as_ndjson(whole.batches(), whole.origin),
        ),
        Form(
            "json",
            "stem-cell-trials.json",
            "application/json",
            "JSON",
            _("The API’s own objects in one."),
            pieces=as_json,
        ),
    )
}
# JSON says the same as JSON Lines, and must be read whole.
OFFERED = ("sqlite", "csv-bundle", "csv", "ndjson")


@dataclass(frozen=True, slots=True)
class Made:
    """A file of the whole catalogue: its size in bytes, its checksum, what is in it, of when."""

    form: str
    file_name: str
    rows: int
    bytes: int
    sha256: str
    made_at: str
    data_date: str

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


def make(whole: Whole, form: Form, path: Path) -> Made:
    """Write the file, whole or not at all. Raises OSError."""
    with in_its_place(path) as beside:
        form.write_to(whole, beside)
        size, digest = _measured(beside)
    made_at = whole.made_at.isoformat()
    return Made(form.name, path.name, whole.count, size, digest, made_at, whole.data_date)


def _measured(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest


def offer(whole: Whole, folder: Path | None = None) -> list[Made]:
    """Make all files that the site offers. The list of them changes last, and all at once.
    Raises OSError.

    Each stands under its checksum, so that what is being downloaded stays what it was.
    """
    folder = folder or settings.EXPORTS
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        made = [_stored(whole, FORMS[name], folder) for name in OFFERED]
        with in_its_place(folder / MANIFEST) as beside:
            beside.write_text(json.dumps([asdict(file) for file in made], indent=2), "utf-8")
        kept = set(map(stored_name, made))
        # Those of before, and what a killed export left of its own.
        for path in (*folder.glob("stem-cell-trials*"), *folder.glob(".*.part")):
            if path.name not in kept:
                path.unlink(missing_ok=True)
    return made


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Raises OSError where another process makes files in this folder; ends with the process."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OSError("another export is at work in this folder.") from error
        yield


def _stored(whole: Whole, form: Form, folder: Path) -> Made:
    file = make(whole, form, folder / form.file_name)
    (folder / form.file_name).replace(folder / stored_name(file))
    return file


def stored_name(file: Made) -> str:
    stem, _dot, ending = file.file_name.partition(".")
    return f"{stem}-{file.sha256[:16]}.{ending}"


def offered(folder: Path | None = None) -> list[Made]:
    """The files that can be downloaded, in the order of `OFFERED`; none before they were made."""
    folder = folder or settings.EXPORTS
    try:
        listed = json.loads((folder / MANIFEST).read_text("utf-8"))
        files = [Made(**each) for each in listed]
    except (OSError, ValueError, TypeError):
        return []  # not made yet, or by another version of the program
    return [file for file in files if (folder / stored_name(file)).is_file()]


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that can be downloaded, and the form that it has."""

    made: Made
    form: Form

    @property
    def address(self) -> str:
        return reverse("data-file", args=[self.made.file_name])


def offers() -> list[Offer]:
    """What the page of the data offers; a form that this version does not know is left out."""
    return [Offer(made, FORMS[made.form]) for made in offered() if made.form in FORMS]
