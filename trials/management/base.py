"""What every command of ours shares: `--json`, words on standard error, exit codes, an example."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm


class CatalogueCommand(BaseCommand):
    """Words go to standard error; with `--json`, one JSON object to standard output.

    Exit code 0: done; 1: failed or incomplete; 2: wrong usage.
    """

    example: ClassVar[str] = ""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name,
            subcommand,
            epilog=f"Example:\n  {self.example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **kwargs,
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="print one JSON object on standard output"
        )

    def say(self, words: str) -> None:
        self.stderr.write(words, self.style.NOTICE if self.stderr.isatty() else None)

    def print_json(self, value: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(value, ensure_ascii=False))


@contextmanager
def progress_bar(unit: str, done: Callable[[Any], int]) -> Iterator[Callable[[Any], None]]:
    """A bar on a terminal, moved by what it is told: a report with `expected`, and `done` of it."""
    with tqdm(unit=f" {unit}", disable=None, file=sys.stderr) as bar:

        def tell(so_far: Any) -> None:
            bar.total = so_far.expected
            bar.update(done(so_far) - bar.n)

        yield tell
