"""What the fields of a registry record are called, and their values in a reader's words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trials.models import Country
from trials.search.vocabularies import in_language
from trials.vocabulary import (
    AgeGroup,
    ArmType,
    DateType,
    Design,
    InterventionType,
    OutcomeKind,
    Phase,
    ReferenceType,
    Sex,
    SponsorClass,
    Status,
    StudyType,
    spelled,
)

FIELD_NAMES: Mapping[str, str | Promise] = {
    "registry_id": gettext_lazy("Registry number"),
    "aliases": gettext_lazy("Other registry numbers"),
    "title": gettext_lazy("Title"),
    "official_title": gettext_lazy("Official title"),
    "acronym": gettext_lazy("Acronym"),
    "org_study_id": gettext_lazy("Sponsor’s own number"),
    "secondary_ids": gettext_lazy("Other numbers"),
    "status": gettext_lazy("Status"),
    "last_known_status": gettext_lazy("Last known status"),
    "why_stopped": gettext_lazy("Why it stopped"),
    "status_verified": gettext_lazy("Last verified by the sponsor"),
    "start_date": gettext_lazy("Start"),
    "primary_completion_date": gettext_lazy("Primary completion"),
    "completion_date": gettext_lazy("Completion"),
    "first_posted": gettext_lazy("First posted"),
    "last_updated": gettext_lazy("Last updated by the sponsor"),
    "results_first_posted": gettext_lazy("Results first posted"),
    "has_results": gettext_lazy("Results posted in the registry"),
    "lead_sponsor": gettext_lazy("Sponsor"),
    "collaborators": gettext_lazy("Collaborators"),
    "brief_summary": gettext_lazy("Summary"),
    "detailed_description": gettext_lazy("Description"),
    "conditions": gettext_lazy("Conditions"),
    "keywords": gettext_lazy("Keywords"),
    "condition_meshes": gettext_lazy("MeSH terms of the conditions"),
    "intervention_meshes": gettext_lazy("MeSH terms of the interventions"),
    "study_type": gettext_lazy("Study type"),
    "phases": gettext_lazy("Phase"),
    "allocation": gettext_lazy("Allocation"),
    "intervention_model": gettext_lazy("Design"),
    "primary_purpose": gettext_lazy("Purpose"),
    "masking": gettext_lazy("Masking"),
    "observational_model": gettext_lazy("Observational model"),
    "time_perspective": gettext_lazy("Time perspective"),
    "enrollment": gettext_lazy("Participants"),
    "arms": gettext_lazy("Arms"),
    "interventions": gettext_lazy("Interventions"),
    "outcomes": gettext_lazy("What is measured"),
    "eligibility_criteria": gettext_lazy("Who can take part"),
    "healthy_volunteers": gettext_lazy("Healthy volunteers"),
    "sex": gettext_lazy("Sex"),
    "minimum_age": gettext_lazy("Minimum age"),
    "maximum_age": gettext_lazy("Maximum age"),
    "minimum_age_days": gettext_lazy("Minimum age in days"),
    "maximum_age_days": gettext_lazy("Maximum age in days"),
    "std_ages": gettext_lazy("Age groups"),
    "locations": gettext_lazy("Places"),
    "removed_countries": gettext_lazy("Countries that left"),
    "references": gettext_lazy("Papers named in the record"),
}
# Dates with a field of their own that says whether they have come true.
DATES = ("start_date", "primary_completion_date", "completion_date")
TEXTS = (
    "title",
    "official_title",
    "why_stopped",
    "brief_summary",
    "detailed_description",
    "eligibility_criteria",
)

_LISTS: Mapping[str, type[TextChoices]] = {
    "status": Status,
    "last_known_status": Status,
    "study_type": StudyType,
    "sex": Sex,
    **{f"{date}_type": DateType for date in DATES},
}
_CODED = (
    "allocation",
    "intervention_model",
    "primary_purpose",
    "masking",
    "observational_model",
    "time_perspective",
)
_LISTS_OF_THINGS = frozenset(
    {
        "aliases",
        "secondary_ids",
        "collaborators",
        "conditions",
        "keywords",
        "condition_meshes",
        "intervention_meshes",
        "arms",
        "interventions",
        "outcomes",
        "std_ages",
        "locations",
        "removed_countries",
        "references",
    }
)
# As the registry writes ages: a number and a unit.
AGE = re.compile(r"(\d{1,4}) (Year|Month|Week|Day|Hour|Minute)s?")
_PHASE_ORDER = [str(phase) for phase in Phase]

# A thing of a list: what it is, and what is said of it: for each field as many parts, each with its
# name (or none) and its words (or none).
Item = tuple[str, tuple[tuple[str, str], ...]]


def field_name(field: str) -> str:
    """The name of a field; of one that the catalogue does not know, its own."""
    return str(FIELD_NAMES.get(field.removesuffix("_type"), spelled(field.upper())))


def of_list(words: type[TextChoices], word: Any) -> str:
    """The name of a word of the registry's lists; of a new one, the word as a reader writes it."""
    return str(dict(words.choices).get(word) or spelled(str(word or "")))


def age_words(age: Any) -> str:
    """An age, "18 Years", in the reader's language; what is no such age stays as it is."""
    text = str(age or "")
    found = AGE.fullmatch(text)
    if found is None:
        return text
    count = int(found[1])
    words = {
        "Year": ngettext("%d year", "%d years", count),
        "Month": ngettext("%d month", "%d months", count),
        "Week": ngettext("%d week", "%d weeks", count),
        "Day": ngettext("%d day", "%d days", count),
        "Hour": ngettext("%d hour", "%d hours", count),
        "Minute": ngettext("%d minute", "%d minutes", count),
    }
    return words[found[2]] % count


class Wording:
    """Values in words, in the language of the request. Reads the countries once, if at all."""

    @cached_property
    def _countries(self) -> dict[str, Country]:
        return {country.code: country for country in Country.objects.all()}

    def country(self, code: str, name: str = "") -> str:
        found = self._countries.get(code)
        return in_language(found.name, found.name_zh) if found else name or code

    def value(self, field: str, value: Any) -> str:
        """One value of a field that is no list of things."""
        if value in (None, "", [], {}):
            return _("unknown") if field == "enrollment" else _("not stated")
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, list | dict) and field not in _VALUES:
            return json.dumps(value, ensure_ascii=False)  # of a shape that no version has written
        if field in _LISTS:
            return of_list(_LISTS[field], value)
        if field in _CODED:
            return of_list(Design, value)
        reader = _VALUES.get(field)
        return reader(value) if reader else str(value)

    def items(self, field: str, value: Any) -> list[Item] | None:
        """The things of a field that is a list of them; None where it is no such list."""
        if field not in _LISTS_OF_THINGS or not isinstance(value, list | None):
            return None
        return [self._item(field, item) for item in value or ()]

    def _item(self, field: str, item: Any) -> Item:
        if field == "removed_countries":
            return self.country(str(item)), ()
        if field == "std_ages":
            return of_list(AgeGroup, item), ()
        if not isinstance(item, dict):
            return str(item), ()
        if field == "locations":
            return self._location(item)
        reader = _ITEMS.get(field)
        return reader(item) if reader else (", ".join(map(str, item.values())), ())

    def _location(self, location: dict[str, Any]) -> Item:
        country = self.country(location.get("country_code", ""), location.get("country", ""))
        place = (location.get("facility"), location.get("city"), country)
        head = ", ".join(str(part) for part in place if part) or _("place not stated")
        status = location.get("status")
        return head, ((_("Status"), of_list(Status, status) if status else ""),)


def _phases(phases: Any) -> str:
    if not isinstance(phases, list):
        return str(phases)
    known = sorted(phases, key=lambda phase: (phase not in _PHASE_ORDER, _place(phase), phase))
    return " / ".join(of_list(Phase, phase) for phase in known)


def _place(phase: str) -> int:
    return _PHASE_ORDER.index(phase) if phase in _PHASE_ORDER else 0


def _enrollment(enrollment: Any) -> str:
    if not isinstance(enrollment, dict):
        return str(intcomma(enrollment))
    if enrollment.get("count") is None:
        return _("unknown")
    count = str(intcomma(enrollment["count"]))
    kind = enrollment.get("type")
    return f"{count} ({of_list(DateType, kind)})" if kind else count


def _sponsor(sponsor: Any) -> str:
    """As registered, and not the name that the catalogue prefers: that may be the same for both."""
    if not isinstance(sponsor, dict):
        return str(sponsor)
    kind = sponsor.get("sponsor_class")
    name = str(sponsor.get("name", ""))
    return f"{name} ({of_list(SponsorClass, kind)})" if kind else name


_VALUES: Mapping[str, Callable[[Any], str]] = {
    "phases": _phases,
    "enrollment": _enrollment,
    "lead_sponsor": _sponsor,
    "minimum_age": age_words,
    "maximum_age": age_words,
    "minimum_age_days": lambda days: str(intcomma(days)),
    "maximum_age_days": lambda days: str(intcomma(days)),
}


def _secondary_id(other: dict[str, Any]) -> Item:
    return str(other.get("id", "")), (
        ("", spelled(other.get("type", ""))),
        ("", other.get("domain", "")),
    )


def _arm(arm: dict[str, Any]) -> Item:
    kind = arm.get("type")
    return arm.get("label", ""), (
        ("", of_list(ArmType, kind) if kind else ""),
        ("", arm.get("description", "")),
    )


def _intervention(intervention: dict[str, Any]) -> Item:
    kind = intervention.get("type")
    return intervention.get("name", ""), (
        ("", of_list(InterventionType, kind) if kind else ""),
        ("", intervention.get("description", "")),
        (_("Other names"), "; ".join(intervention.get("other_names") or ())),
        (_("Arms"), "; ".join(intervention.get("arm_labels") or ())),
    )


def _outcome(outcome: dict[str, Any]) -> Item:
    return outcome.get("measure", ""), (
        ("", of_list(OutcomeKind, outcome.get("kind"))),
        (_("When"), outcome.get("time_frame", "")),
        ("", outcome.get("description", "")),
    )


def _reference(reference: dict[str, Any]) -> Item:
    pmid, kind = reference.get("pmid"), reference.get("type")
    return reference.get("citation") or _("No citation given."), (
        ("PubMed", str(pmid) if pmid else ""),
        ("", of_list(ReferenceType, kind) if kind else ""),
        ("", _("Retracted") if reference.get("retractions") else ""),
    )


_ITEMS: Mapping[str, Callable[[dict[str, Any]], Item]] = {
    "secondary_ids": _secondary_id,
    "collaborators": lambda sponsor: (_sponsor(sponsor), ()),
    "arms": _arm,
    "interventions": _intervention,
    "outcomes": _outcome,
    "references": _reference,
    "condition_meshes": lambda mesh: (str(mesh.get("term", "")), ()),
    "intervention_meshes": lambda mesh: (str(mesh.get("term", "")), ()),
}
