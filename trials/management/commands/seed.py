"""The door to `trials.seeding`: which folder, one call, a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from trials.management.base import CatalogueCommand
from trials.seeding import BrokenFixturesError, SeedReport, seed


class Command(CatalogueCommand):
    help = "Loads fixtures/, the files that people edit; again and again without harm."
    example = "manage.py seed\n  manage.py seed --folder fixtures --json"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--folder",
            type=Path,
            default=Path(settings.BASE_DIR) / "fixtures",
            metavar="PATH",
            help="the folder to load (default: fixtures/ of the project)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"{folder}: there is no such folder.", returncode=2)
        try:
            report = seed(folder, now=timezone.now())
        except BrokenFixturesError as error:
            if options["json"]:
                self.print_json({"status": "failed", "faults": error.faults})
            count = len(error.faults)
            raise CommandError(
                "\n".join(error.faults)
                + f"\nNothing was loaded: {count} {'fault' if count == 1 else 'faults'} to mend."
            ) from error
        if options["json"]:
            self.print_json(report.as_json())
        if options["verbosity"]:
            self._tell(report)

    def _tell(self, report: SeedReport) -> None:
        for kind, tally in report.kinds.items():
            if tally.created or tally.changed or tally.removed:
                self.say(
                    f"{kind}: {tally.created} new, {tally.changed} changed, "
                    f"{tally.removed} taken away, {tally.unchanged} as before"
                )
        self.say(
            f"{report.total('created')} new, {report.total('changed')} changed, "
            f"{report.total('removed')} taken away, {report.total('unchanged')} as before, "
            f"in {report.seconds} s"
        )
        if kept := report.total("kept"):
            self.say(f"{kept} rows edited or deleted by somebody were left as they are")
