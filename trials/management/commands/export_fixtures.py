"""The door to `trials.seeding.exporting`: which folder, one call, a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from trials.management.base import CatalogueCommand
from trials.seeding import BrokenFixturesError
from trials.seeding.exporting import export_fixtures


class Command(CatalogueCommand):
    help = (
        "Writes cell sources, indications, sponsors, products and words of the lexicon that people "
        "added as files of fixtures/, "
        "so that what people changed can be reviewed and shared."
    )
    example = "manage.py export_fixtures\n  manage.py export_fixtures --out /tmp/fixtures --json"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        fixtures = Path(settings.BASE_DIR) / "fixtures"
        parser.add_argument(
            "--folder",
            type=Path,
            default=fixtures,
            metavar="PATH",
            help="the files that they are to go with (default: fixtures/ of the project)",
        )
        parser.add_argument(
            "--out", type=Path, metavar="DIR", help="where to write them (default: that folder)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        out: Path = options["out"] or folder
        if not folder.is_dir():
            raise CommandError(f"{folder}: there is no such folder.", returncode=2)
        try:
            differs = export_fixtures(folder, out=out)
        except BrokenFixturesError as error:
            count = len(error.faults)
            raise CommandError(
                "\n".join(error.faults)
                + f"\nNothing was written: {count} {'fault' if count == 1 else 'faults'} to mend."
            ) from error
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}.") from error
        if options["json"]:
            self.print_json({"out": str(out), "changed": differs})
        for name, changed in differs.items():
            self.say(f"{out / name}: {'changed' if changed else 'as before'}")
