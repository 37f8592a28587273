"""Brings an installation up to date: translations, migrations, seed data, static files."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from catalog.static_files import collect_static
from catalog.translations import UnreadableTranslations, compile_translations

STEPS: dict[str, Callable[[], object]] = {
    "translations": compile_translations,
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
            try:
                STEPS[step]()
            except OperationalError as error:
                reason = str(error).strip().split("failed: ")[-1].splitlines()[0]
                raise CommandError(
                    f"The database does not answer: {reason}\n"
                    "Start it, mend DATABASE_URL, or leave DATABASE_URL out to use SQLite."
                ) from error
            except UnreadableTranslations as error:
                raise CommandError(str(error)) from error
            self.stderr.write(f"{step}: {perf_counter() - started:.1f} s")
