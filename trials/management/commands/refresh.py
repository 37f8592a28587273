"""The door to `trials.refresh`: what to bring in, one call, a report."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from trials.management.base import CatalogueCommand, progress_bar
from trials.models import Country, HarvestQuery
from trials.numbers import proper_number
from trials.refresh import (
    TIME_LIMIT,
    AlreadyRunning,
    FileHarvest,
    Progress,
    RefreshReport,
    refresh,
    refresh_from_registry,
    refresh_numbers,
    refresh_query,
)
from trials.vocabulary import RunStatus

LONGEST = 7 * 24 * 60  # minutes
SHOWN = 20  # skipped records named one by one in the words; --json names all


class Command(CatalogueCommand):
    help = "Brings study records in, from the registry or from files, and says what came of each."
    example = "manage.py refresh --ids NCT03166865 NCT02580695\n  manage.py refresh --from records/"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--full", action="store_true", help="read everything, not only what changed"
        )
        parser.add_argument("--query", metavar="NAME", help="run this stored query alone")
        parser.add_argument("--ids", nargs="+", metavar="NCT…", help="bring these studies in")
        parser.add_argument(
            "--from",
            dest="path",
            type=Path,
            metavar="PATH",
            help="read study records from a file or folder: JSON, JSON Lines or an API page",
        )
        parser.add_argument(
            "--time-limit",
            type=_minutes,
            metavar="MINUTES",
            default=TIME_LIMIT,
            help="end after this time, incomplete (default: %(default)s)",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="do the work, say what it gives, undo it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not Country.objects.exists():
            raise CommandError("The vocabularies are not loaded yet: run “manage.py seed” first.")
        with progress_bar("studies", lambda so_far: so_far.fetched) as progress:
            try:
                report = self._refresh(options, progress)
            except AlreadyRunning as error:
                raise CommandError(str(error)) from error
        if options["json"]:
            self.print_json(report.as_json())
        self._tell(report, dry_run=options["dry_run"])
        if report.status != RunStatus.COMPLETE:
            sys.exit(1)

    def _refresh(self, options: dict[str, Any], progress: Progress) -> RefreshReport:
        if sum(bool(options[name]) for name in ("path", "ids", "query")) > 1:
            raise CommandError("Give only one of --from, --ids and --query.", returncode=2)
        wanted: dict[str, Any] = {"dry_run": options["dry_run"], "progress": progress}
        if options["path"]:
            if not options["path"].exists():
                raise CommandError(
                    f"{options['path']}: there is no such file or folder.", returncode=2
                )
            return refresh(FileHarvest(options["path"]), **wanted)
        wanted["time_limit"] = options["time_limit"] * 60
        if options["ids"]:
            return refresh_numbers([_number(text) for text in options["ids"]], **wanted)
        if options["query"]:
            return refresh_query(_query(options["query"]), **wanted)
        if not HarvestQuery.objects.filter(active=True).exists():
            raise CommandError("No stored query is active: run “manage.py seed”, or activate one.")
        return refresh_from_registry(full=options["full"], **wanted)

    def _tell(self, report: RefreshReport, *, dry_run: bool) -> None:
        for skipped in report.skipped[:SHOWN]:
            self.say(f"skipped {skipped['id']}: {skipped['reason']}")
        if len(report.skipped) > SHOWN:
            self.say(f"… and {len(report.skipped) - SHOWN} more skipped; --json names them all")
        expected = "" if report.expected is None else f" of {report.expected}"
        self.say(
            f"{report.status}: {report.fetched}{expected} studies in {report.seconds} s, "
            f"{report.created} new, {report.changed} changed, {report.unchanged} unchanged, "
            f"{report.screened_out} not for this catalogue, {len(report.skipped)} skipped, "
            f"{report.gone} gone" + (" (dry run: nothing kept)" if dry_run else "")
        )
        if report.older:
            self.say(f"{report.older} of the unchanged are earlier versions than what is known")
        if report.message:
            self.say(report.message)


def _minutes(text: str) -> float:
    minutes = float(text)
    if not 0 < minutes <= LONGEST:
        raise ArgumentTypeError(f"write minutes, more than 0 and at most {LONGEST}")
    return minutes


def _number(text: str) -> str:
    number = proper_number(text)
    if number is None or not number.startswith("NCT"):
        raise CommandError(
            f"“{text}” is no registry number: write it as NCT03166865.", returncode=2
        )
    return number


def _query(name: str) -> HarvestQuery:
    query = HarvestQuery.objects.filter(name=name).first()
    if query is None:
        names = ", ".join(HarvestQuery.objects.values_list("name", flat=True)) or "none yet"
        raise CommandError(f"There is no stored query “{name}”. There are: {names}.", returncode=2)
    return query
