"""The filters of the list as a reader meets them: groups of values with counts, and fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.filters import Asked, FacetRow, TrialFilter
from catalog.pages.folding import in_sight

PERSON = ("age", "sex", "near", "within_km")  # what a reader says about himself
STARTS = ("start_from", "start_to")
UPDATES = ("updated_from", "updated_to")
ENROLLMENT = ("enrollment_min", "enrollment_max")
YES_OR_NO = ("has_results", "has_publication")
FIELDS = (*PERSON, *STARTS, *UPDATES, *ENROLLMENT, *YES_OR_NO)
TOOLS = ("ordering", "page_size")  # above the trials, where there are any
NEVER_KEPT = ("page",)  # another question begins on its first page

# In the order in which readers ask; the first ones stand open. A group whose parameter has no
# facet is left out, and so is one in which there is nothing to choose.
GROUPS: tuple[tuple[str, Promise | str, bool], ...] = (
    ("cell_source", _("Cell source"), True),
    ("indication", _("Indication"), True),
    ("country", _("Country"), True),
    ("status", _("Status"), True),
    ("phase", _("Phase"), True),
    ("donor_type", _("Donor"), False),
    ("preparation", _("Preparation"), False),
    ("route", _("Route"), False),
    ("sponsor", _("Sponsor"), False),
    ("sponsor_class", _("Kind of sponsor"), False),
    ("product", _("Product"), False),
    ("study_type", _("Study type"), False),
    ("document", _("Named in a document"), False),
)


@dataclass(frozen=True, slots=True)
class Group:
    """The values of one parameter, `chosen` of them; those beyond the first ones are folded."""

    parameter: str
    title: str
    rows: tuple[FacetRow, ...]
    rest: tuple[FacetRow, ...]
    first: bool
    chosen: int

    @property
    def says_something(self) -> bool:
        """Whether there is anything to choose or to take back."""
        return bool(self.chosen) or any(row.count for row in (*self.rows, *self.rest))

    @property
    def open(self) -> bool:
        return self.first or bool(self.chosen)

    @property
    def rest_open(self) -> bool:
        return bool(self.chosen) and any(row.selected for row in self.rest)


def filter_groups(facets: dict[str, tuple[FacetRow, ...]]) -> list[Group]:
    """The groups of checkboxes, each with its rows."""
    groups = [
        folded(parameter, title, facets.get(parameter, ()), first)
        for parameter, title, first in GROUPS
    ]
    return [group for group in groups if group.says_something]


def folded(
    parameter: str, title: Promise | str, rows: tuple[FacetRow, ...], first: bool = False
) -> Group:
    seen = in_sight(rows)
    chosen = sum(row.selected for row in rows)
    return Group(parameter, str(title), rows[:seen], rows[seen:], first, chosen)


def fields(asked: Asked, facets: dict[str, tuple[FacetRow, ...]]) -> dict[str, Any]:
    """What the fields hold, the choices of those that have some, and how many are in use."""
    sexes = TrialFilter.parameters()["sex"]
    said = {name: asked.params.get(name, "") for name in FIELDS}
    return {
        **said,
        "sexes": [(value, sexes.name_of(value)) for value in sexes.choices],
        "years": folded("start_year", _("Start"), facets.get("start_year", ())),
        "results": facets.get("has_results", ()),
        "publication": TrialFilter.parameters()["has_publication"],
        "chosen": {
            "person": _filled(said, PERSON),
            "dates": _filled(said, (*STARTS, *UPDATES)),
            "enrollment": _filled(said, ENROLLMENT),
            "outcome": _filled(said, YES_OR_NO),
        },
    }


def _filled(said: dict[str, str], names: Iterable[str]) -> int:
    return sum(bool(said[name]) for name in names)


def kept_parameters(asked: Asked, groups: Iterable[Group], *, found: bool) -> list[tuple[str, str]]:
    """What the form has no field for, so that "Show" does not drop it."""
    boxes = {(group.parameter, row.value) for group in groups for row in (*group.rows, *group.rest)}
    listed = {name for name, _title, _first in GROUPS}
    with_a_field = {"q", "in", *FIELDS, *listed, *(TOOLS if found else ())}
    given = [
        (name, value)
        for name, values in asked.params.lists()
        if name not in (*with_a_field, *NEVER_KEPT)
        for value in values
    ]
    # A sponsor may be given by another name: its box has the slug.
    understood = [(name, str(value)) for name in listed for value in asked.values.get(name, ())]
    return [*given, *(pair for pair in understood if pair not in boxes)]
