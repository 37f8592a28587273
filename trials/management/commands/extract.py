"""The door to `trials.refresh.rereading`: which records, one call, a report."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import CommandError, CommandParser

from trials.management.base import CatalogueCommand, progress_bar
from trials.models import StoredRecord
from trials.numbers import proper_number
from trials.refresh import AlreadyRunning
from trials.refresh.rereading import ExtractReport, reread
from trials.vocabulary import RunStatus

SHOWN = 20  # trials named one by one in the words; --json names all


class Command(CatalogueCommand):
    help = "Works the cell facts out again from the stored records; touches nobody's decision."
    example = "manage.py extract --dry-run\n  manage.py extract --ids NCT03166865"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--ids", nargs="+", metavar="NCT…", default=[], help="these alone")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        numbers = [_number(text) for text in options["ids"]]
        with progress_bar("records", lambda so_far: so_far.records) as progress:
            try:
                report = reread(numbers=numbers, dry_run=options["dry_run"], progress=progress)
            except AlreadyRunning as error:
                raise CommandError(str(error)) from error
        if options["json"]:
            self.print_json(report.as_json())
        self._tell(report, dry_run=options["dry_run"])
        if report.status != RunStatus.COMPLETE:
            sys.exit(1)

    def _tell(self, report: ExtractReport, *, dry_run: bool) -> None:
        for change in report.changes[:SHOWN]:
            self.say(change["id"])
            for sign, words in (("+", change["new"]), ("-", change["ended"])):
                for fact in words:
                    self.say(f"  {sign} {fact}")
        if len(report.changes) > SHOWN:
            self.say(f"… and {len(report.changes) - SHOWN} more trials; --json names them all")
        for skipped in report.skipped[:SHOWN]:
            self.say(f"skipped {skipped['id']}: {skipped['reason']}")
        for value, count in report.without_row.items():
            self.say(f"“{value}” is read {count} times, but no vocabulary has a row of this name")
        for words, names in (
            ("taken in", report.taken_in),
            ("left out", report.left_out),
            ("to be looked at", report.to_review),
        ):
            if names:
                more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
                self.say(f"{words}: {', '.join(names[:SHOWN])}{more}")
        self.say(
            f"{report.status}: {report.records} records in {report.seconds} s with the tables "
            f"{report.lexicon}; {report.facts_new} facts new, {report.facts_ended} ended, "
            f"{report.facts_moved} with another place or confidence, "
            f"in {report.trials_changed} trials"
            + (f", {len(report.skipped)} records skipped" if report.skipped else "")
            + (f": {report.message}" if report.message else "")
            + (" (dry run: nothing changed)" if dry_run else "")
        )


def _number(text: str) -> str:
    number = proper_number(text)
    if number is None or not StoredRecord.objects.filter(registry_id=number).exists():
        raise CommandError(f"“{text}”: no record of this number is stored.", returncode=2)
    return number
