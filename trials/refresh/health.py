"""Whether what came still has the form that we know: a field that empties is an upstream change.

The registry requires some fields of every study, and fills others in nearly all. Where these are
empty in more than a few percent of what comes, the record's form has changed, and reading on would
empty the catalogue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db.models import Count, Q

from trials.models import Trial
from trials.registry.study import Study

# In each of the 1,902 records as the registry serves them that were counted.
REQUIRED = (
    "org_study_id",
    "status",
    "lead_sponsor",
    "brief_summary",
    "conditions",
    "study_type",
    "first_posted",
    "last_updated",
)
# Filled in most records, and what the catalogue lives on.
USUAL = ("arms", "interventions", "outcomes", "eligibility_criteria", "locations")

MOST_EMPTY = 0.03  # of the records that came
FEWEST_EMPTY = 3  # a single odd record is no change of form
USUALLY_FILLED = 0.5  # of the catalogue's trials, for a usual field to be watched
NOTABLE_DROP = 0.05  # of all trials, between two runs
ENOUGH = 20  # records, before the absence of a usual field says anything

# The fill rates that each run keeps: name → what is filled, as a question to the tables.
FIELDS: dict[str, Q] = {
    **{
        name: ~Q(**{name: ""})
        for name in (
            "title",
            "official_title",
            "org_study_id",
            "status",
            "study_type",
            "allocation",
            "primary_purpose",
            "masking",
            "brief_summary",
            "detailed_description",
            "eligibility_criteria",
            "sex",
            "minimum_age",
        )
    },
    **{
        name: Q(**{f"{name}__isnull": False})
        for name in (
            "enrollment_count",
            "start_date",
            "primary_completion_date",
            "completion_date",
            "first_posted",
            "last_updated",
            "healthy_volunteers",
        )
    },
    **{name: ~Q(**{name: []}) for name in ("conditions", "keywords", "condition_meshes")},
}


class Gate:
    """Watches the records of one run before they are saved."""

    def __init__(self, usual: Mapping[str, float], *, fewest: int = 0) -> None:
        """`usual`: in which share of the catalogue each usual field is filled, if that is known.

        `fewest` records have to come before a share of them says anything.
        """
        self._fewest = fewest
        self._watched = [name for name in USUAL if usual.get(name, 0) >= USUALLY_FILLED]
        self._usual = usual

    def fault(self, studies: Iterable[Study], came: int, unreadable: int = 0) -> str:
        """What is wrong with these, in words, or "".

        `came` counts all records of the window, the unchanged and the unreadable ones as well.
        """
        if came < self._fewest:
            return ""
        if unreadable >= FEWEST_EMPTY and unreadable > MOST_EMPTY * came:
            return f"{unreadable} of {came} records cannot be read: their form has changed"
        empty: Counter[str] = Counter()
        read = 0
        for study in studies:
            read += 1
            empty.update(name for name in (*REQUIRED, *USUAL) if not getattr(study, name))
        for name in REQUIRED:
            if empty[name] >= FEWEST_EMPTY and empty[name] > MOST_EMPTY * came:
                return (
                    f"{name} is empty in {empty[name]} of {came} records, and the registry "
                    "requires it: the form of its records has changed"
                )
        for name in self._watched:
            filled = 1 - empty[name] / read if read else 1.0
            if read >= ENOUGH and filled < self._usual[name] / 2:
                return (
                    f"{name} is empty in {empty[name]} of {read} records that changed, and is "
                    f"filled in {self._usual[name]:.0%} of the catalogue: the form of the "
                    "registry's records has changed"
                )
        return ""


def drops(before: Mapping[str, float], now: Mapping[str, float]) -> list[str]:
    """The fields that are filled in clearly fewer trials than before, in words."""
    return [
        f"{name} is filled in {now[name]:.0%} of the trials, {before[name]:.0%} before"
        for name in now
        if before.get(name, 0) - now[name] >= NOTABLE_DROP
    ]


def fill_rates() -> dict[str, float]:
    """In which share of the trials that came from the registry each field is filled."""
    trials = Trial.objects.published().exclude(refreshed_at=None)
    counts = trials.aggregate(
        all=Count("pk"),
        **{f"filled_{name}": Count("pk", filter=filled) for name, filled in FIELDS.items()},
    )
    total = counts.pop("all")
    rates = {name.removeprefix("filled_"): count for name, count in counts.items()}
    rates |= _with_parts()
    return {name: round(count / total, 4) for name, count in rates.items()} if total else {}


def _with_parts() -> dict[str, int]:
    """How many trials have at least one arm, intervention, outcome, place."""
    trials = Trial.objects.published().exclude(refreshed_at=None)
    parts = {
        "arms": "arms",
        "interventions": "interventions",
        "outcomes": "outcomes",
        "locations": "sites",
        "lead_sponsor": "sponsorships",
        "phases": "phases",
    }
    return {
        name: trials.filter(**{f"{part}__isnull": False}).values("pk").distinct().count()
        for name, part in parts.items()
    }
