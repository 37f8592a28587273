"""The door to `trials.extraction.evaluation`: labels, records, one call a record, a report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from trials.extraction.evaluation import FIELDS, Evaluation
from trials.extraction.labelled import UnusableLabels, labelled_studies
from trials.management.base import CatalogueCommand

SHOWN = 20  # disagreements in the words; --json names all


class Command(CatalogueCommand):
    help = "Scores what the rules read against records that a person has labelled."
    example = "manage.py evaluate labels.jsonl --records records/"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("labels", type=Path, metavar="LABELS", help="JSON Lines, one a trial")
        parser.add_argument(
            "--records",
            type=Path,
            required=True,
            metavar="PATH",
            help="a file of study records, or a folder with folders in it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for path in (options["labels"], options["records"]):
            if not path.exists():
                raise CommandError(f"{path}: there is no such file or folder.", returncode=2)
        evaluation = Evaluation()
        try:
            for label, readings in labelled_studies(_lines(options["labels"]), options["records"]):
                evaluation.add(label, readings)
        except UnusableLabels as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.print_json(evaluation.as_json())
        self._tell(evaluation)

    def _tell(self, evaluation: Evaluation) -> None:
        self.say(f"{evaluation.n} records   precision  recall  F1")
        for name in FIELDS:
            score = evaluation.scores[name].as_json()
            numbers = "   ".join(f"{score[key]:.3f}" for key in ("precision", "recall", "f1"))
            self.say(f"{name:20}  {numbers}")
        for one in evaluation.disagreements[:SHOWN]:
            self.say(f"{one['nct_id']} {one['field']}: label {one['label']}, read {one['read']}")
        if len(evaluation.disagreements) > SHOWN:
            more = len(evaluation.disagreements) - SHOWN
            self.say(f"… and {more} more disagreements; --json names them all")


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        place = f"{path.name}, line {number}"
        try:
            label = json.loads(line)
        except ValueError as error:
            raise CommandError(f"{place} is no JSON: {error}") from error
        missing = [name for name in ("nct_id", *FIELDS) if name not in label]
        if missing:
            raise CommandError(f"{place} lacks {', '.join(missing)}")
        yield place, label
