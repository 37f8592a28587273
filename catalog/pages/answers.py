"""What a trial says to each question of a comparison, and what of it makes two answers the same.

An answer that is false says nothing. All of them read only what `for_comparison` has fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.field_words import of_list
from catalog.pages.doses import Statements, completeness, statements, strip
from catalog.pages.folding import in_sight
from catalog.pages.joining import Standing, ages, standing, takes_participants
from catalog.pages.sites import Place, places
from catalog.pages.trial import arms
from catalog.templatetags import catalogue
from trials.vocabulary import Design, FactKind, OutcomeKind, ReferenceType, Status

Words = tuple[str, ...]  # in the reader's language
STOPPED = (Status.TERMINATED, Status.SUSPENDED, Status.WITHDRAWN)


def itself(said: Any) -> Hashable:
    """What two answers have in common that are the same, where that is the whole of them."""
    meant: Hashable = said
    return meant


def word(field: str) -> Callable[[Any], Words]:
    """The word of a field that has a list of them, as its list names it."""

    def said(trial: Any) -> Words:
        words = str(getattr(trial, f"get_{field}_display")())
        return (words,) if words else ()

    return said


def design(field: str) -> Callable[[Any], Words]:
    def said(trial: Any) -> Words:
        word = getattr(trial, field)
        return (of_list(Design, word),) if word else ()

    return said


def text(field: str) -> Callable[[Any], str]:
    return lambda trial: str(getattr(trial, field) or "")


def why_stopped(trial: Any) -> str:
    """Empty for a trial that was not stopped; of one that was, at least that it is not stated."""
    return trial.why_stopped or (_("not stated") if trial.status in STOPPED else "")


def status(trial: Any) -> tuple[str, Standing]:
    """The registry's word, and what it means to who would join today."""
    return (trial.status, standing(trial, timezone.localdate()))


def meant_by_status(said: tuple[str, Standing]) -> Hashable:
    """Not the day of the record: trials are read on different days."""
    return (said[0], str(said[1].words))


def phases(trial: Any) -> Words:
    words = catalogue.phase_words(trial)
    return (words,) if words else ()


def age(trial: Any) -> Words:
    words = ages(trial)
    return (words,) if words else ()


def healthy(trial: Any) -> Words:
    if trial.healthy_volunteers is None:
        return ()
    return (_("Yes") if trial.healthy_volunteers else _("No"),)


def facts(kind: FactKind) -> Callable[[Any], Statements]:
    return lambda trial: statements(trial.live_facts, kind)


def said_of_facts(said: Statements) -> Hashable:
    """A conflict is shown, so a trial that has one does not say the same as one without."""
    return (said.meanings, said.disagree)


def in_conflict(trial: Any) -> Words:
    kinds = (statements(trial.live_facts, kind) for kind in FactKind)
    return tuple(str(said.kind.label) for said in kinds if said.disagree)


@dataclass(frozen=True, slots=True)
class Folded:
    """A list of which the first things are in sight; `meant`: what makes two lists the same."""

    first: tuple[Any, ...]
    rest: tuple[Any, ...]
    meant: Hashable

    def __bool__(self) -> bool:
        return bool(self.first)

    @classmethod
    def of(cls, things: Iterable[Any], meaning: Callable[[Any], Hashable]) -> Folded:
        things = tuple(things)
        seen = in_sight(things)
        return cls(things[:seen], things[seen:], frozenset(map(meaning, things)))


def meant(said: Folded) -> Hashable:
    return said.meant


def countries(trial: Any) -> Folded:
    def which(place: Place) -> Hashable:
        return place.country.pk if place.country else place.name

    return Folded.of(places(trial.sites.all()), which)


def sites(trial: Any) -> tuple[int, ...]:
    """How many sites there are, and how many of them take participants."""
    found = places(trial.sites.all())
    open_ = found if takes_participants(trial, timezone.localdate()) else ()
    counts = (sum(place.count for place in found), sum(place.open for place in open_))
    return counts if found else ()


def sponsors(trial: Any) -> tuple[Any, ...]:
    sponsor = catalogue.lead(trial)
    return (sponsor,) if sponsor else ()


def collaborators(trial: Any) -> tuple[Any, ...]:
    return tuple(catalogue.collaborators(trial))


def their_slugs(sponsors: tuple[Any, ...]) -> Hashable:
    return frozenset(sponsor.slug for sponsor in sponsors)


def planned_arms(trial: Any) -> Folded:
    return Folded.of(
        arms(trial),
        lambda row: (row[0].type, row[0].label, tuple(given.name for given in row[1])),
    )


def participants(trial: Any) -> tuple[Any, ...]:
    """How many, and whether they are counted or planned. Nobody is a number too."""
    if trial.enrollment_count is None:
        return ()
    return (trial.enrollment_count, str(trial.get_enrollment_type_display()))


def date(field: str) -> Callable[[Any], tuple[Any, ...]]:
    """A date as exact as it is known, and whether it has come true."""

    def said(trial: Any) -> tuple[Any, ...]:
        date = getattr(trial, field)
        kind = getattr(trial, f"get_{field}_type_display", str)()
        return (str(date), str(kind)) if date else ()

    return said


def primary(trial: Any) -> Folded:
    primary = (one for one in trial.outcomes.all() if one.kind == OutcomeKind.PRIMARY)
    return Folded.of(primary, lambda one: (one.measure.casefold(), one.time_frame.casefold()))


def others_measured(trial: Any) -> tuple[int, ...]:
    """How many; nothing where no record was read that could have them."""
    count = sum(one.kind != OutcomeKind.PRIMARY for one in trial.outcomes.all())
    return (count,) if count or trial.refreshed_at else ()


def results(trial: Any) -> tuple[bool, ...]:
    """Whether results are posted; nothing where no record was read that could say so."""
    return () if trial.has_results is None else (trial.has_results,)


def papers(trial: Any) -> Folded:
    return Folded.of(trial.publication_links.all(), lambda link: link.publication_id)


def named_papers(trial: Any) -> tuple[int, ...]:
    """How many papers the record names, and how many of them for the trial's results."""
    types = [reference.type for reference in trial.references.all()]
    return (len(types), types.count(ReferenceType.RESULT)) if types else ()


def five(trial: Any) -> tuple[Any, int, Words]:
    """The parts of DOSES, of how many of them something is stated, and the names of the others."""
    parts = strip(trial.live_facts)
    unstated = tuple(str(part.title) for part in parts if not part.stated)
    return parts, completeness(parts), unstated


def which_of_the_five(said: tuple[Any, int, Words]) -> Hashable:
    return said[2]
