"""The questions of a comparison, in the order in which people ask."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.field_words import FIELD_NAMES
from catalog.pages import answers
from catalog.pages.doses import PARTS
from trials.vocabulary import FactKind

NOT_STATED = _("not stated")
NONE_KNOWN = _("none known")
DOES_NOT_APPLY = "–"


@dataclass(frozen=True, slots=True)
class Question:
    """A row: what is asked, what a trial says, and what two trials share that say the same.

    `template` shows what is said; `silence` stands where that is nothing. A question that need
    not be asked (`optional`) is left out where no trial says anything.
    """

    title: str | Promise
    said: Callable[[Any], Any]
    meant: Callable[[Any], Hashable] = answers.itself
    kind: str = "words"
    silence: str | Promise = NOT_STATED
    optional: bool = False
    letter: str = ""  # of DOSES
    part: str | Promise = ""
    thing: str = ""  # one of a list that is folded

    @property
    def template(self) -> str:
        return f"catalog/compare/_{self.kind}.html"

    @property
    def item(self) -> str:
        return f"catalog/compare/_{self.thing}.html"


def _of_the_cells() -> Iterator[Question]:
    yield Question(_("Of the five, stated"), answers.five, answers.which_of_the_five, "score")
    for letter, title, kinds in PARTS:
        alone = len(kinds) == 1
        for kind in kinds:
            yield Question(
                title if alone else kind.label,
                answers.facts(kind),
                answers.said_of_facts,
                "facts",
                letter=letter,
                part="" if alone else title,
            )
    for kind in (FactKind.COMPARATOR, FactKind.ADJUNCT, FactKind.PRODUCT, FactKind.CELL_THERAPY):
        optional = kind != FactKind.COMPARATOR
        yield Question(
            kind.label, answers.facts(kind), answers.said_of_facts, "facts", optional=optional
        )


QUESTIONS: tuple[tuple[str | Promise, tuple[Question, ...]], ...] = (
    (
        _("How it stands"),
        (
            Question(
                FIELD_NAMES["status"],
                answers.status,
                answers.meant_by_status,
                "status",
            ),
            Question(
                FIELD_NAMES["why_stopped"],
                answers.why_stopped,
                kind="text",
                silence=DOES_NOT_APPLY,
                optional=True,
            ),
            Question(FIELD_NAMES["phases"], answers.phases),
            Question(FIELD_NAMES["study_type"], answers.word("study_type")),
        ),
    ),
    (_("The cells"), tuple(_of_the_cells())),
    (
        _("Who can join"),
        (
            Question(
                FactKind.INDICATION.label,
                answers.facts(FactKind.INDICATION),
                answers.said_of_facts,
                "facts",
            ),
            Question(_("Age"), answers.age),
            Question(FIELD_NAMES["sex"], answers.word("sex")),
            Question(FIELD_NAMES["healthy_volunteers"], answers.healthy),
            Question(
                _("What else it asks for"), answers.text("eligibility_criteria"), kind="criteria"
            ),
        ),
    ),
    (
        _("Who runs it, and where"),
        (
            Question(
                FIELD_NAMES["lead_sponsor"], answers.sponsors, answers.their_slugs, "sponsors"
            ),
            Question(
                FIELD_NAMES["collaborators"],
                answers.collaborators,
                answers.their_slugs,
                "sponsors",
                silence=NONE_KNOWN,
                optional=True,
            ),
            Question(_("Countries"), answers.countries, answers.meant, "folded", thing="place"),
            Question(_("Sites"), answers.sites, kind="sites"),
        ),
    ),
    (
        _("Design and arms"),
        (
            Question(FIELD_NAMES["allocation"], answers.design("allocation")),
            Question(FIELD_NAMES["masking"], answers.design("masking")),
            Question(FIELD_NAMES["intervention_model"], answers.design("intervention_model")),
            Question(
                FIELD_NAMES["primary_purpose"], answers.design("primary_purpose"), optional=True
            ),
            *(
                Question(
                    FIELD_NAMES[field],
                    answers.design(field),
                    silence=DOES_NOT_APPLY,
                    optional=True,
                )
                for field in ("observational_model", "time_perspective")
            ),
            Question(
                FIELD_NAMES["arms"], answers.planned_arms, answers.meant, "folded", thing="arm"
            ),
            Question(
                FIELD_NAMES["enrollment"],
                answers.participants,
                kind="participants",
                silence=_("unknown"),
            ),
            *(
                Question(FIELD_NAMES[field], answers.date(field), kind="date", silence=_("unknown"))
                for field in ("start_date", "primary_completion_date", "completion_date")
            ),
        ),
    ),
    (
        _("What is measured"),
        (
            Question(
                _("Primary outcomes"),
                answers.primary,
                answers.meant,
                "folded",
                thing="measure",
            ),
            Question(_("Other outcomes"), answers.others_measured, kind="measures"),
        ),
    ),
    (
        _("What came of it"),
        (
            Question(
                FIELD_NAMES["has_results"],
                answers.results,
                kind="results",
                silence=_("unknown"),
            ),
            Question(
                _("Publications"),
                answers.papers,
                answers.meant,
                "folded",
                NONE_KNOWN,
                thing="paper",
            ),
            Question(
                FIELD_NAMES["references"], answers.named_papers, kind="named", silence=NONE_KNOWN
            ),
        ),
    ),
    (
        _("The record"),
        (
            Question(_("Sources disagree"), answers.in_conflict, silence=NONE_KNOWN, optional=True),
            Question(
                _("In doubt"),
                answers.text("doubt"),
                kind="text",
                silence=NONE_KNOWN,
                optional=True,
            ),
            Question(
                FIELD_NAMES["last_updated"],
                answers.date("last_updated"),
                kind="date",
                silence=_("unknown"),
            ),
        ),
    ),
)
