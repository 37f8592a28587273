"""What a person decides about one sponsor's names: its Chinese name, and all others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from trials.curation.decisions import check_note, record, undoes
from trials.curation.sponsors import held, refuse_if_overtaken
from trials.models import Decision, Sponsor, SponsorAlias
from trials.models.sponsor import NAME_LENGTH, normalise_name
from trials.search.kept import writing
from trials.vocabulary import AliasKind, DecisionKind
from trials.word_starts import is_chinese

State = dict[str, Any]


def names_of(sponsor: Sponsor) -> State:
    """All names as a decision keeps them; aliases as name, normalised name and kind."""
    aliases = sponsor.aliases.order_by("pk").values_list("name", "normalised", "kind")
    return {
        "name_zh": sponsor.name_zh,
        "name_zh_note": sponsor.name_zh_note,
        "aliases": [list(alias) for alias in aliases],
    }


def version_of_names(sponsor: Sponsor) -> str:
    """A word that changes with every change of the names."""
    return hashlib.sha256(json.dumps(names_of(sponsor)).encode()).hexdigest()[:16]


@writing()
def decide_names(  # noqa: PLR0913 - all but the sponsor are named where it is called
    sponsor: Sponsor,
    *,
    name_zh: str,
    name_zh_note: str = "",
    names: Iterable[str],
    by: User,
    note: str,
    at: datetime | None = None,
) -> bool:
    """Decide all the names of a sponsor: its Chinese name, and those that it is found by.

    A name that it has keeps its kind. False where nothing differs. Raises ValidationError for a
    missing note, without the sponsor's own name, and for a name that leads to another sponsor.
    """
    note = check_note(note)
    (sponsor,) = held(sponsor.pk)
    before = names_of(sponsor)
    wanted = _wanted(before, names)
    _check(sponsor, wanted)
    after = {
        "name_zh": name_zh.strip(),
        "name_zh_note": name_zh_note.strip(),
        "aliases": [*wanted.values()],
    }
    if _compared(after) == _compared(before):
        return False
    _set(sponsor, after)
    record(
        DecisionKind.SPONSOR,
        sponsor=sponsor,
        aspect="names",
        before=before,
        after=after,
        by=by,
        note=note,
        at=at or timezone.now(),
    )
    return True


def check_names(sponsor: Sponsor, names: Iterable[str]) -> None:
    """Raise the ValidationError that `decide_names` would raise for these names."""
    _check(sponsor, _wanted(names_of(sponsor), names))


@undoes(DecisionKind.SPONSOR)
def _name_again(decision: Decision, by: User, note: str, at: datetime) -> None:
    assert decision.sponsor_id is not None  # noqa: S101 - a decision about names has its sponsor
    (sponsor,) = held(decision.sponsor_id)
    refuse_if_overtaken(decision, [sponsor.pk])
    before = decision.before or {}
    _refuse_taken(sponsor, {alias[1]: alias for alias in before["aliases"]})
    _set(sponsor, before)


def _wanted(before: State, names: Iterable[str]) -> dict[str, list[str]]:
    """The aliases that these names are, by normalised name; one that is there stays as it is."""
    known = {alias[1]: alias for alias in before["aliases"]}
    spelled = {alias[0]: alias[1] for alias in before["aliases"]}  # of a cut name, the whole
    wanted: dict[str, list[str]] = {}
    for name in names:
        normalised = spelled.get(name) or normalise_name(name)
        wanted.setdefault(normalised, known.get(normalised) or [name, normalised, _kind(name)])
    return wanted


def _set(sponsor: Sponsor, state: State) -> None:
    wanted = {normalised: (name, kind) for name, normalised, kind in state["aliases"]}
    have = set(sponsor.aliases.values_list("normalised", flat=True))
    sponsor.aliases.exclude(normalised__in=wanted).delete()
    SponsorAlias.objects.bulk_create(
        SponsorAlias(sponsor=sponsor, name=name, normalised=normalised, kind=kind)
        for normalised, (name, kind) in wanted.items()
        if normalised not in have
    )
    sponsor.name_zh, sponsor.name_zh_note = state["name_zh"], state["name_zh_note"]
    sponsor.compared = sponsor.compared and not (wanted.keys() - have)
    sponsor.save(update_fields=["name_zh", "name_zh_note", "compared"])


def _check(sponsor: Sponsor, wanted: dict[str, list[str]]) -> None:
    long = [name for name, *_rest in wanted.values() if len(name) > NAME_LENGTH]
    if long or "" in wanted:
        words = _("A name has 1 to %(most)d letters.")
        raise ValidationError(words, code="length", params={"most": NAME_LENGTH})
    own = normalise_name(sponsor.name)
    if own not in wanted and sponsor.aliases.filter(normalised=own).exists():
        words = _("“%(name)s” is the sponsor's own name: it is always found by it.")
        raise ValidationError(words, code="own", params={"name": sponsor.name})
    _refuse_taken(sponsor, wanted)


def _refuse_taken(sponsor: Sponsor, wanted: dict[str, list[str]]) -> None:
    others = SponsorAlias.objects.filter(normalised__in=wanted).exclude(sponsor=sponsor)
    taken = others.select_related("sponsor").first()
    if taken is not None:
        words = _("“%(name)s” leads to “%(sponsor)s”: if they are one, merge them.")
        params = {"name": taken.name, "sponsor": taken.sponsor.name}
        raise ValidationError(words, code="taken", params=params)


def _compared(state: State) -> State:
    return {**state, "aliases": sorted(alias[1:] for alias in state["aliases"])}


def _kind(name: str) -> str:
    return AliasKind.CHINESE if is_chinese(name) else AliasKind.OTHER
