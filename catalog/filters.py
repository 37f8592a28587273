"""TrialFilter: the definition of every question that one can ask about trials, and its answer."""

from __future__ import annotations

from typing import ClassVar

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.asking import Asked, Chip, FacetRow, answered
from catalog.faults import Fault
from catalog.parameters import (
    AnyOf,
    AnySponsor,
    Day,
    OneOf,
    Ordering,
    PageNumber,
    PageSize,
    WholeNumber,
)
from catalog.reading import PAGE_SIZE, ParameterSet, read
from catalog.seeking import Kilometres, LookedIn, Near, Search
from trials.search import ORDERINGS, Answer, Found, Question, Terms
from trials.search.facets import YES_NO
from trials.search.fulltext import ELIGIBILITY
from trials.vocabulary import DonorType, Phase, Preparation, Route, Sex, SponsorClass, Status
from trials.vocabulary import StudyType as Type

__all__ = ["Asked", "Chip", "FacetRow", "Fault", "TrialFilter", "ask"]

OLDEST = 130  # years
LAST_PAGE = 1_000_000


class TrialFilter(ParameterSet):
    """Values of one parameter are OR, different parameters are AND.

    Facts count as the catalogue shows them, and only those about the product that a trial studies:
    cells that a control alone receives are not what it is about.
    """

    needs: ClassVar = {
        "ordering=relevance": "q",
        "ordering=distance": "near",
        "within_km": "near",
        "in": "q",
    }

    q = Search(
        _("Words"),
        _("Words in English or Chinese, phrases in quotes, trial numbers in any spelling."),
        example="umbilical cord",
    )
    in_ = LookedIn(
        _("Words also in"),
        _("“eligibility”: the words may stand in the criteria of who can join as well."),
        choices={ELIGIBILITY: ELIGIBILITY},
        example=ELIGIBILITY,
    )
    cell_source = AnyOf(
        _("Cell source"),
        _("Where the studied cells come from (not a control's). A parent covers its children."),
        may_be_missing=True,
        example="umbilical-cord",
    )
    donor_type = AnyOf(
        _("Donor"),
        _("Whose cells they are."),
        closed=DonorType,
        may_be_missing=True,
        example="allogeneic",
    )
    preparation = AnyOf(
        _("Preparation"),
        _("What was done to the cells."),
        closed=Preparation,
        may_be_missing=True,
        example="expanded",
    )
    route = AnyOf(
        _("Route"),
        _("How the cells are given."),
        closed=Route,
        may_be_missing=True,
        example="intra-articular",
    )
    indication = AnyOf(
        _("Indication"),
        _("The disease or injury. A parent covers its children."),
        may_be_missing=True,
        example="knee-osteoarthritis",
    )
    product = AnyOf(_("Product"), _("A named cell product."), example="cartistem")
    document = AnyOf(
        _("Document"), _("A document that names the trial."), example="chinese-hospital-list"
    )
    country = AnyOf(
        pgettext_lazy("place", "Country"),
        _("Where a site is: ISO 3166-1 alpha-2."),
        may_be_missing=True,
        pattern="([A-Z]{2}|not-stated)",
        example="CN",
    )
    sponsor = AnySponsor(
        _("Sponsor"),
        _("The lead sponsor, by slug; another name of a sponsor finds it too."),
        example="medipost",
    )
    sponsor_class = AnyOf(
        _("Kind of sponsor"),
        _("The registry's class of the lead sponsor."),
        closed=SponsorClass,
        example="INDUSTRY",
    )
    phase = AnyOf(
        _("Phase"),
        _("A phase 1/2 trial has both PHASE1 and PHASE2."),
        closed=Phase,
        may_be_missing=True,
        example="PHASE2",
    )
    status = AnyOf(
        _("Status"),
        _("The registry's recruitment status."),
        closed=Status,
        may_be_missing=True,
        example="RECRUITING",
    )
    study_type = AnyOf(
        _("Study type"),
        _("The registry's type of study."),
        closed=Type,
        example="INTERVENTIONAL",
    )
    start_from = Day(
        _("Started from"), _("Trials that can have started on that day or later."), example="2016"
    )
    start_to = Day(
        _("Started up to"),
        _("Trials that can have started on that day or earlier."),
        example="2016-03",
    )
    updated_from = Day(
        _("Updated from"), _("Registry's last update on that day or later."), example="2024-01"
    )
    updated_to = Day(
        _("Updated up to"),
        _("Registry's last update on that day or earlier."),
        example="2026-01-31",
    )
    enrollment_min = WholeNumber(
        _("Participants, at least"),
        _("Whole number; a trial of unknown enrollment never fits."),
        example="20",
    )
    enrollment_max = WholeNumber(
        _("Participants, at most"),
        _("Whole number; a trial of unknown enrollment never fits."),
        example="200",
    )
    has_results = OneOf(
        _("Results"),
        _(
            "Whether results are posted at the registry;"
            " a trial whose record was not read fits neither."
        ),
        choices=YES_NO,
        example="yes",
    )
    has_publication = OneOf(
        _("Publication"),
        _("Whether the catalogue knows a publication about the trial."),
        choices=YES_NO,
        example="yes",
    )
    age = WholeNumber(
        _("Age"),
        _("Whole years: trials that take a person of this age."),
        most=OLDEST,
        example="62",
    )
    sex = OneOf(
        _("Sex"),
        _("Trials that take a person of this sex."),
        choices={Sex.FEMALE.value: Sex.FEMALE, Sex.MALE.value: Sex.MALE},
        example="FEMALE",
    )
    near = Near(
        _("Near"),
        _(
            "A point (latitude,longitude) or a city that has a trial: “Shanghai”, “Cambridge, GB”."
            " Sites whose coordinates are not known are found by their city's name alone, at an"
            " unknown distance; a point does not find them."
        ),
        example="31.23,121.47",
    )
    within_km = Kilometres(
        _("Within"), _("Kilometres round “near”; 100 if not given."), example="50"
    )
    ordering = Ordering(
        _("Order"),
        _("What is unknown comes last. “relevance” needs “q”, “distance” needs “near”."),
        choices={ordering: ordering for ordering in ORDERINGS},
        example=ORDERINGS[0],
    )
    page = PageNumber(_("Page"), _("Page of the list."), least=1, most=LAST_PAGE, example="1")
    page_size = PageSize(
        _("Page size"), _("Trials a page."), least=1, most=1000, example=str(PAGE_SIZE)
    )

    def filter_queryset(self, queryset: object) -> Found:
        """Answered whole by `trials.search`, not one filter after another."""
        return Found(Answer(self.question), ORDERINGS[0])

    @property
    def question(self) -> Question:
        return Question(self.values, self.terms)


def ask(
    params: QueryDict,
    *,
    max_page_size: int = 100,
    extra: frozenset[str] = frozenset(),
    terms: Terms | None = None,
) -> Asked:
    """Read a question; never raises: everything wrong with it is in `.faults`.

    `extra` names further parameters that the surface knows; they are kept in its links. `terms`
    are those of another question in the same request.
    """
    reading = read(TrialFilter, params, max_page_size=max_page_size, extra=extra, terms=terms)
    return answered(reading)
