"""Brings an installation up to date: migrations, seed data, static files, in one process."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from catalog.static_files import collect_static

STEPS: dict[str, Callable[[], object]] = {
    "migrations": lambda: call_command("migrate", verbosity=0, interactive=False),
    "seed": lambda: call_command("seed", verbosity=0),
    "static": collect_static,
}


class Command(BaseCommand):
    help = (
        "Brings an installation up to date. Again and again without harm."
        " Example: manage.py prepare migrations seed"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "steps",
            nargs="*",
            metavar="STEP",
            help=f"one of {', '.join(STEPS)}; all of them where none is named",
        )

    def handle(self, *args: Any, steps: list[str], **options: Any) -> None:
        unknown = [step for step in steps if step not in STEPS]
        if unknown:
            self.stderr.write(f"{unknown[0]} is no step: write one of {', '.join(STEPS)}")
            raise SystemExit(2)
        for step in steps or STEPS:
            started = perf_counter()
            STEPS[step]()
            self.stderr.write(f"{step}: {perf_counter() - started:.1f} s")
