"""Internal consistency of the catalogue: what no constraint of the database can see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from django.db import router
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.text import Truncator

from trials.models import (
    CellSource,
    Document,
    Fact,
    Indication,
    Mention,
    Site,
    Sponsor,
    SponsorAlias,
    StoredRecord,
    Trial,
    TrialAlias,
    TrialSponsor,
)
from trials.models.sponsor import normalise_name
from trials.search import kept
from trials.search.loading import batched
from trials.showing import standing
from trials.vocabulary import Basis, Screening, SponsorRole

BATCH = 2000  # rows that are in memory at once


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: which check found it, on what, and in words."""

    check: str
    subject: str
    words: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.words} ({self.check})"

    def as_json(self) -> dict[str, str]:
        return asdict(self)


Found = Iterator[tuple[str, str]]  # the subject and the words of each fault


def check_catalogue() -> Iterator[Fault]:
    """Every fault of the data, check by check."""
    for name, check in CHECKS.items():
        for subject, words in check():
            yield Fault(name, subject, words)


def _shown_in_step() -> Found:
    facts = (
        Fact.objects.order_by("trial_id", "pk")
        .select_related("trial")
        .only("kind", "basis", "retired_at", "shown", "value", "trial__number")
    )
    rows = facts.iterator(chunk_size=BATCH)
    for _trial, group in groupby(rows, key=lambda fact: fact.trial_id):
        said = list(group)
        shown = standing(said)
        for fact in said:
            if fact.shown and fact not in shown:
                yield _fact(fact), "is shown, but something of a higher basis stands, or it ended"
            elif fact in shown and not fact.shown:
                yield _fact(fact), "stands, but is not shown"


def _facts_explained() -> Found:
    """Every statement says what it rests on; a decision says why and by whom."""
    facts = Fact.objects.select_related("trial")
    decisions = facts.filter(basis=Basis.CURATOR)
    for fact in _rows(decisions.filter(Q(note__regex=r"^\s*$") | Q(decided_by=None))):
        yield _fact(fact), "is a curator's decision without a note or an author"
    for fact in _rows(facts.filter(basis=Basis.DOCUMENT, document=None, source="")):
        yield _fact(fact), "is said by a document or paper, but names none"
    for fact in _rows(facts.filter(basis=Basis.RULE, rule="")):
        yield _fact(fact), "was read by a rule, but names none"
    bare = facts.filter(document=None, quote="", place="", source="", rule="", note="")
    for fact in _rows(bare):
        yield _fact(fact), "does not say what it rests on"


def _trials_complete() -> Found:
    for trial in _rows(Trial.objects.filter(title__regex=r"^\s*$")):
        yield trial.number, "has no title"
    leads = TrialSponsor.objects.filter(trial=OuterRef("pk"), role=SponsorRole.LEAD)
    registered = Trial.objects.exclude(registry_id=None)
    for trial in _rows(registered.filter(~Exists(leads))):
        yield trial.number, "is registered, but has no lead sponsor"


def _numbers_agree() -> Found:
    own = Trial.objects.filter(number=OuterRef("number"))
    joined = own.filter(joined_to=OuterRef("trial"))  # its number leads to what it turned out to be
    taken = TrialAlias.objects.filter(Exists(own), ~Exists(joined))
    for alias in _rows(taken.select_related("trial")):
        yield alias.trial.number, f"has the other number {alias.number}, which a trial has itself"


def _joined_trials_empty() -> Found:
    """A trial that turned out to be another leads there, and nothing is said of it any more.

    That it is not shown, a constraint keeps.
    """
    joined = Trial.objects.exclude(joined_to=None).select_related("joined_to")
    leading = TrialAlias.objects.filter(number=OuterRef("number"), trial=OuterRef("joined_to"))
    for trial in _rows(joined.filter(~Exists(leading))):
        yield trial.number, f"turned out to be {trial.joined_to.number}, but does not lead there"
    for trial in _rows(joined.exclude(joined_to__joined_to=None)):
        yield trial.number, f"turned out to be {trial.joined_to.number}, which is joined itself"
    live = Fact.objects.exclude(trial__joined_to=None).filter(retired_at=None)
    for fact in _rows(live.select_related("trial__joined_to")):
        yield _fact(fact), f"is said of a trial that turned out to be {fact.trial.joined_to.number}"


def _dates_in_step() -> Found:
    """The days that a start date can mean are written beside it."""
    started = Trial.objects.exclude(start_date=None)
    for trial in _rows(started.only("number", "start_date", "start_earliest", "start_latest")):
        date = trial.start_date
        if (trial.start_earliest, trial.start_latest) != (date.earliest, date.latest):
            yield trial.number, f"starts {date}, but is sorted as {trial.start_earliest}"


def _countries_known() -> Found:
    for site in _rows(Site.objects.filter(country=None).select_related("trial")):
        name = _short(site.country_name) or "an unnamed country"
        yield site.trial.number, f"has a site in {name}, which the catalogue does not know"


def _trees_end() -> Found:
    for model in (CellSource, Indication):
        parents: dict[Any, Any] = dict(model.objects.values_list("pk", "parent_id"))
        slugs: dict[Any, str] = dict(model.objects.values_list("pk", "slug"))
        for key in parents:
            if _comes_back(key, parents):
                yield slugs[key], "is above itself in the tree"


def _comes_back(start: Any, parents: dict[Any, Any]) -> bool:
    seen: set[Any] = set()
    key = parents[start]
    while key is not None and key not in seen:
        if key == start:
            return True
        seen.add(key)
        key = parents[key]
    return False


def _sponsors_named() -> Found:
    for alias in _rows(SponsorAlias.objects.select_related("sponsor")):
        if alias.normalised != normalise_name(alias.name) and not alias.is_cut:
            yield alias.sponsor.slug, f"is not found by its name “{_short(alias.name)}”"
    for sponsor in Sponsor.objects.present().prefetch_related("aliases").iterator(chunk_size=BATCH):
        names = {alias.name for alias in sponsor.aliases.all() if alias.is_cut}
        names |= {alias.normalised for alias in sponsor.aliases.all()}
        if names.isdisjoint({sponsor.name, normalise_name(sponsor.name)}):
            yield sponsor.slug, "does not have its own name among those it is found by"


def _merged_sponsors_empty() -> Found:
    """A sponsor that was merged leads straight to one that was not, and has nothing itself."""
    merged = Sponsor.objects.exclude(merged_into=None)
    for sponsor in _rows(merged.exclude(merged_into__merged_into=None)):
        yield sponsor.slug, "was merged into one that was merged itself"
    for part in ("sponsorships", "aliases", "products"):
        for sponsor in _rows(merged.exclude(**{part: None}).distinct()):
            yield sponsor.slug, f"was merged into another, but has {part}"


def _documents_whole() -> Found:
    """A document that numbers its rows has each of them; none says nothing at all."""
    rows = Mention.objects.exclude(position=None).order_by("document", "position")
    numbered = rows.values_list("document__slug", "position")
    for slug, group in groupby(numbered, key=lambda row: row[0]):
        positions = {position for _slug, position in group if position is not None}
        missing = sorted(set(range(1, max(positions) + 1)) - positions)
        if missing:
            yield slug, f"has no trial for its rows {', '.join(map(str, missing))}"
    parts = ("mentions", "claims", "citations", "excluded_studies")
    for document in Document.objects.filter(**dict.fromkeys(parts)):
        yield document.slug, "names no trial or paper and makes no claim"


def _records_joined() -> Found:
    records = StoredRecord.objects.defer("body")
    for record in _rows(records.filter(screening=Screening.INCLUDED, trial=None)):
        yield record.registry_id, "is a stored record of the catalogue, but has no trial"
    for record in _rows(records.exclude(trial=None).select_related("trial")):
        if record.trial is not None and record.trial.registry_id != record.registry_id:
            yield record.registry_id, f"is the stored record of {record.trial.number}"
    refreshed = Trial.objects.exclude(refreshed_at=None).filter(stored_record=None)
    for trial in _rows(refreshed):
        yield trial.number, "was refreshed, but its record is not stored"


def _rows(queryset: QuerySet[Any]) -> Iterable[Any]:
    return queryset.iterator(chunk_size=BATCH)


def _short(words: str) -> str:
    """So much of a registry's words as a line has room for."""
    return Truncator(words).chars(100)


def _fact(fact: Fact) -> str:
    return f"{fact.trial.number}, {fact.kind} (fact {fact.pk})"


def _words_in_step() -> Found:
    """A trial is found by its words as they are now."""
    behind = kept.find_behind(router.db_for_read(Trial))
    for some in batched(behind, BATCH):
        for trial in Trial.objects.filter(pk__in=some).order_by("number"):
            yield trial.number, "is not found by its words: `manage.py migrate` makes them anew"


CHECKS: dict[str, Callable[[], Found]] = {
    "shown-in-step": _shown_in_step,
    "facts-explained": _facts_explained,
    "trials-complete": _trials_complete,
    "numbers-agree": _numbers_agree,
    "joined-trials-empty": _joined_trials_empty,
    "dates-in-step": _dates_in_step,
    "countries-known": _countries_known,
    "trees-end": _trees_end,
    "sponsors-named": _sponsors_named,
    "merged-sponsors-empty": _merged_sponsors_empty,
    "documents-whole": _documents_whole,
    "records-joined": _records_joined,
    "words-in-step": _words_in_step,
}
