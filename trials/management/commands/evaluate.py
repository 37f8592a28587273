"""The door to `trials.extraction.evaluation`: labels, records, one call a record, a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from trials.extraction.evaluation import FIELDS, Evaluation, Score
from trials.extraction.labelled import UnusableLabels, labelled_studies, read_labels
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
        if options["labels"].is_dir():
            words = f"{options['labels']} is a folder"
            raise CommandError(f"{words}: name one file of labels, JSON Lines.", returncode=2)
        evaluation = Evaluation()
        try:
            labels = read_labels(options["labels"])
            for label, readings in labelled_studies(labels, options["records"]):
                evaluation.add(label, readings)
        except UnusableLabels as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.print_json(evaluation.as_json())
        self._tell(evaluation)

    def _tell(self, evaluation: Evaluation) -> None:
        self.say(f"{evaluation.n} records   precision  recall  F1")
        for name in FIELDS:
            self.say(f"{name:20}  {_numbers(evaluation.scores[name])}")
        for one in evaluation.disagreements[:SHOWN]:
            self.say(f"{one['nct_id']} {one['field']}: label {one['label']}, read {one['read']}")
        if len(evaluation.disagreements) > SHOWN:
            more = len(evaluation.disagreements) - SHOWN
            self.say(f"… and {more} more disagreements; --json names them all")


def _numbers(score: Score) -> str:
    """Precision, recall and F1; a dash where there is nothing that it could be a share of.

    --json has numbers everywhere, as its readers were promised: there such a share is 1.
    """
    known = {
        "precision": score.read,
        "recall": score.labelled,
        "f1": score.read or score.labelled,
    }
    shares = score.as_json()
    return "   ".join(f"{shares[key]:.3f}" if of else "    –" for key, of in known.items())
