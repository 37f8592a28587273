"""The door to `trials.working`: the one worker, and whether it is well."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from trials.management.base import CatalogueCommand
from trials.working import Work, trouble


class Command(CatalogueCommand):
    help = (
        "Does what is asked for in the admin, and refreshes by REFRESH_SCHEDULE, until it is told"
        " to end."
    )
    example = "manage.py work\n  manage.py work --check"
    requires_system_checks = []  # the web server's start has made them

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--check",
            action="store_true",
            help="only say whether the worker of this folder is well; if not, exit with 1",
        )
        parser.add_argument(
            "--beat",
            type=Path,
            metavar="FILE",
            default=settings.BASE_DIR / "var" / "worker",
            help="touched at every look for work, and looked at by --check (default: var/worker)",
        )
        parser.add_argument(
            "--end-with", type=int, metavar="PID", help="end when this parent process has ended"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        beat: Path = options["beat"]
        if not options["check"]:
            beat.parent.mkdir(exist_ok=True)
            Work(schedule=settings.REFRESH_SCHEDULE, beat=beat, parent=options["end_with"]).run()
            return
        words = trouble(beat)
        if options["json"]:
            self.print_json({"well": not words, "trouble": words})
        self.say(words or "the worker is well")
        if words:
            sys.exit(1)
