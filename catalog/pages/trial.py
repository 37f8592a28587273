"""The page of one trial, its parts in the order in which people ask, and its citation as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.citations import BIBTEX_TYPE, RIS_TYPE, Citation, bibtex, citation, ris
from catalog.criteria import parted
from catalog.field_words import Wording
from catalog.methods import only_read
from catalog.pages.changes import Told, in_brief
from catalog.pages.doses import completeness, decisions, further, strip
from catalog.pages.joining import ages, standing, takes_participants
from catalog.pages.similar import similar
from catalog.pages.sites import MOST_SITES, places
from catalog.pages.world_map import world_map
from catalog.structured_data import as_json, structured_data
from trials.coverage import left_out
from trials.curation import standing_beside_facts
from trials.history import Updates
from trials.models import Arm, Intervention, Trial
from trials.numbers import proper_number

LATEST = 3  # updates that are told here; all are on a page of their own
DESCRIBING = (
    "official_title",
    "brief_summary",
    "detailed_description",
    "conditions",
    "keywords",
    "condition_meshes",
)

Page = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its place in the address and the name of its template, and its title."""

    name: str
    title: str | Promise
    there: Callable[[Page], object] = lambda page: True
    aspect: str = ""  # what a report of an error is about that begins here

    @property
    def template(self) -> str:
        return f"catalog/trial/_{self.name}.html"


SECTIONS = (
    Section("joining", _("Who can join"), aspect="status"),
    Section("doses", _("The cells")),
    Section("summary", _("What it is about"), lambda page: page["described"]),
    Section("sites", _("Who runs it, and where"), aspect="sites"),
    Section("arms", _("Design and arms")),
    Section("outcomes", _("What is measured"), lambda page: page["outcomes"] or page["results"]),
    Section("eligibility", _("Criteria in full"), lambda page: page["trial"].eligibility_criteria),
    Section(
        "publications",
        _("Publications"),
        lambda page: page["papers"] or page["references"],
        aspect="publications",
    ),
    Section("mentions", _("Documents that name this trial"), lambda page: page["mentions"]),
    Section("claims", _("Claims about this trial, checked"), lambda page: page["claims"]),
    Section("changes", _("What changed, and when"), lambda page: page["trial"].registry),
    Section("similar", _("Similar trials"), lambda page: page["similar"]),
    Section("cite", _("Cite this trial")),
    Section("record", _("The record")),
)


@only_read
def trial(request: HttpRequest, number: str) -> HttpResponse:
    """One trial; every other spelling and number of it leads to its one address."""
    found: Any = Trial.objects.published().numbered(number).for_page().first()
    if found is None:
        return unknown(request, number)
    if found.number != number:
        return redirect(found, permanent=True)
    page = {**facts_of(found), **record_of(found), **sources_of(found), **citing(found)}
    page["sections"] = [section for section in SECTIONS if section.there(page)]
    return render(request, "catalog/trial.html", page)


def unknown(request: HttpRequest, number: str) -> HttpResponse:
    """The page for a number that the catalogue does not have, and why if that is known."""
    proper = proper_number(number) or number[:100]
    context = {"number": proper, "left_out": left_out().filter(registry_id=proper).first()}
    return render(request, "catalog/trial_unknown.html", context, status=404)


def facts_of(trial: Any) -> Page:
    """What is known of the cells, and the trials that are like this one by that."""
    parts = strip(trial.live_facts)
    return {
        "strip": parts,
        "stated": completeness(parts),
        "further": further(trial.live_facts),
        "decisions": decisions(trial.live_facts),
        "other_decisions": standing_beside_facts(trial),
        "similar": similar(trial),
    }


def record_of(trial: Any) -> Page:
    """What the registry's record says: whom it takes, where, what is done and measured."""
    sites, today = trial.sites.all(), timezone.localdate()
    takes = takes_participants(trial, today)
    return {
        "trial": trial,
        "standing": standing(trial, today),
        "takes_participants": takes,
        "ages": ages(trial),
        "described": any(getattr(trial, field) for field in DESCRIBING),
        "places": places(sites[:MOST_SITES]),
        "all_places": places(sites),
        "more_sites": max(0, len(sites) - MOST_SITES),
        "map": world_map(sites, takes_participants=takes),
        "arms": arms(trial),
        "outcomes": outcomes(trial),
        "results": trial.has_results,
        "criteria": parted(trial.eligibility_criteria),
    }


def sources_of(trial: Any) -> Page:
    """Who writes about the trial, and what its record said before."""
    return {
        "papers": trial.publication_links.all(),
        "references": trial.references.all(),
        "mentions": trial.mentions.all(),
        "claims": trial.claims.all(),
        "changes": latest_changes(trial),
    }


def citing(trial: Any) -> Page:
    """How to cite it, and the same for search engines."""
    cited = citation(trial)
    return {
        "citation": cited,
        "reference": cited.line(timezone.localdate()),
        "structured_data": as_json(structured_data(trial, cited)),
    }


def latest_changes(trial: Any) -> list[Told]:
    wording = Wording()
    return [in_brief(update, wording) for update in Updates(trial)[:LATEST]]


def arms(trial: Any) -> list[tuple[Arm, list[Intervention]]]:
    """The arms, each with what is given in it."""
    given: dict[int, list[Intervention]] = {}
    for intervention in trial.interventions.all():
        for arm in intervention.arms.all():
            given.setdefault(arm.pk, []).append(intervention)
    return [(arm, given.get(arm.pk, [])) for arm in trial.arms.all()]


def outcomes(trial: Any) -> list[tuple[str, str, list[Any]]]:
    """The outcomes by kind: primary, secondary, other; each kind with its name."""
    by_kind: dict[str, list[Any]] = {"primary": [], "secondary": [], "other": []}
    for outcome in trial.outcomes.all():
        by_kind[outcome.kind].append(outcome)
    return [(kind, rows[0].get_kind_display(), rows) for kind, rows in by_kind.items() if rows]


@only_read
def as_ris(request: HttpRequest, number: str) -> HttpResponse:
    return _cited(request, number, address="trial-ris", kind=RIS_TYPE, written=ris)


@only_read
def as_bibtex(request: HttpRequest, number: str) -> HttpResponse:
    return _cited(request, number, address="trial-bibtex", kind=BIBTEX_TYPE, written=bibtex)


def _cited(
    request: HttpRequest,
    number: str,
    *,
    address: str,
    kind: str,
    written: Callable[[Citation], str],
) -> HttpResponse:
    """The trial's citation as a file that has the last part of its address as its name."""
    trials = Trial.objects.published().numbered(number)
    found: Any = trials.prefetch_related("sponsorships__sponsor").first()
    if found is None:
        return unknown(request, number)
    if found.number != number:
        return redirect(address, found.number, permanent=True)
    name = request.path.rpartition("/")[2]
    return HttpResponse(
        written(citation(found)),
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
