"""The door to `catalog.exports`: which form, where to, a report."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from catalog.exports.files import FORMS, OFFERED, Form, Made, make, offer
from catalog.exports.sqlite_file import Disagreement
from catalog.exports.whole import Whole, whole_catalogue
from trials.management.base import CatalogueCommand


class Command(CatalogueCommand):
    help = "Writes the whole catalogue in one form; without one, the files that the site offers."
    example = (
        "manage.py export --format sqlite --out trials.sqlite3\n"
        "  manage.py export --format ndjson | head\n"
        "  manage.py export"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--format", choices=FORMS, help="one form; without it, all offered")
        parser.add_argument(
            "--out",
            type=Path,
            metavar="FILE",
            help="write here; without it, to standard output (not sqlite, csv-bundle)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        form, path = self._wanted(**options)
        started = time.perf_counter()
        with tqdm(unit=" trials", disable=None, file=sys.stderr) as bar:
            try:
                with whole_catalogue(bar.update) as whole:
                    bar.reset(whole.count * (1 if form else len(OFFERED)))
                    made = self._write(whole, form, path)
            except BrokenPipeError:  # as `| head` leaves it; nobody is there to be told more
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                sys.exit(1)
            except (OSError, Disagreement) as error:
                raise CommandError(f"Nothing was written: {error}") from error
            except KeyboardInterrupt as error:
                raise CommandError("Stopped: no file was changed.") from error
        self._tell(made, time.perf_counter() - started, as_json=options["json"])

    def _wanted(
        self, *, format: str | None, out: Path | None, json: bool, **options: Any
    ) -> tuple[Form | None, Path | None]:
        """What was asked for. Raises CommandError with exit code 2 where it makes no sense."""
        form = FORMS[format] if format else None
        wrong = ""
        if out and not form:
            wrong = "--out needs --format: one file has one form."
        elif out and (out.is_dir() or not out.parent.is_dir()):
            wrong = f"{out}: write the name of a file in a folder that exists."
        elif form and not out and form.pieces is None:
            wrong = f"{form.name} is written into a file: name it with --out."
        elif form and not out and json:
            wrong = "Standard output has place for one: write --out FILE beside --json."
        if wrong:
            raise CommandError(wrong, returncode=2)
        return form, out

    def _write(self, whole: Whole, form: Form | None, path: Path | None) -> list[Made]:
        if form is None:
            return offer(whole)
        if path is not None:
            return [make(whole, form, path)]
        form.send(whole, sys.stdout.buffer)
        sys.stdout.flush()
        return []

    def _tell(self, made: list[Made], seconds: float, *, as_json: bool) -> None:
        if as_json:
            files = [asdict(file) for file in made]
            self.print_json({"files": files, "seconds": round(seconds, 2)})
        for file in made:
            self.say(f"{file.file_name}: {file.rows} trials, {file.bytes} bytes, {file.sha256}")
