"""What a person decides about sponsors: that two are one, that they are not, and their names.

A sponsor that is merged keeps its row and address, which leads on; its names, trials and products
move. What is found by name (a refresh, a seeding, a question) then finds the one that is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from trials.curation.decisions import check_note, record, undoes
from trials.models import Decision, Product, Sponsor, SponsorAlias, SponsorPair, TrialSponsor
from trials.models.sponsor import normalise_name
from trials.search.kept import writing
from trials.vocabulary import AliasKind, DecisionKind, SponsorRole

# What a kept sponsor takes over where it has nothing itself.
_FILLED = ("name_zh", "name_zh_note", "sponsor_class")


@dataclass(frozen=True, slots=True)
class Move:
    """What merging one sponsor into another would move."""

    led: int  # trials
    joined: int
    shared: int  # trials in which both take part: one part is left
    names: tuple[SponsorAlias, ...]
    products: tuple[Product, ...]
    chinese: str  # the Chinese name that the other gets: as its own, or among its other names
    becomes_own: bool


def foresee(sponsor: Sponsor, *, into: Sponsor) -> Move:
    """The preview of `merge`; raises the ValidationError that it would raise for these two."""
    _check_two(sponsor, into)
    parts = TrialSponsor.objects.filter(sponsor=sponsor)
    theirs = TrialSponsor.objects.filter(sponsor=into).values("trial")
    fresh = sponsor.name_zh if sponsor.name_zh != into.name_zh else ""
    return Move(
        led=parts.filter(role=SponsorRole.LEAD).count(),
        joined=parts.filter(role=SponsorRole.COLLABORATOR).count(),
        shared=parts.filter(trial__in=theirs).values("trial").distinct().count(),
        names=tuple(sponsor.aliases.all()),
        products=tuple(sponsor.products.all()),
        chinese=fresh,
        becomes_own=bool(fresh) and not into.name_zh,
    )


@writing()
def merge(  # noqa: PLR0913 - all but the sponsor are named where it is called
    sponsor: Sponsor,
    *,
    into: Sponsor,
    by: User,
    note: str,
    at: datetime | None = None,
    batch: UUID | None = None,
) -> Decision:
    """Make two sponsors one: all that the first has is the other's from now on.

    Raises ValidationError for a missing note, for a sponsor and itself, and for one that was
    merged already.
    """
    note = check_note(note)
    sponsor, into = held(sponsor.pk, into.pk)
    _check_two(sponsor, into)
    names = {*sponsor.aliases.values_list("normalised", flat=True), normalise_name(sponsor.name)}
    before: dict[str, Any] = {
        "names": sorted(names),
        "products": list(sponsor.products.order_by("pk").values_list("pk", flat=True)),
        "merged": list(sponsor.merged.order_by("pk").values_list("pk", flat=True)),
        "shared": _move_parts(sponsor, into),
        "into": {column: getattr(into, column) for column in _FILLED},
    }
    sponsor.aliases.update(sponsor=into)
    sponsor.products.update(sponsor=into)
    sponsor.merged.update(merged_into=into)
    Sponsor.objects.filter(pk=sponsor.pk).update(merged_into=into)
    after = {"into": into.pk, "added": _fill(into, sponsor)}
    return record(
        DecisionKind.MERGE,
        sponsor=sponsor,
        aspect="merge",
        before=before,
        after=after,
        by=by,
        note=note,
        at=at or timezone.now(),
        batch=batch,
    )


@writing()
def tell_apart(
    pair: SponsorPair, *, by: User, note: str, at: datetime | None = None
) -> Decision | None:
    """Remember that the two are not the same; None where that was said already.

    Raises ValidationError for a missing note.
    """
    note = check_note(note)
    pair = SponsorPair.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    if pair.apart:
        return None
    SponsorPair.objects.filter(pk=pair.pk).update(apart=True)
    return record(
        DecisionKind.MERGE,
        sponsor=pair.one,
        aspect=f"apart {pair.other_id}",
        after={"apart": pair.other_id},
        by=by,
        note=note,
        at=at or timezone.now(),
    )


@undoes(DecisionKind.MERGE)
def _part_again(decision: Decision, by: User, note: str, at: datetime) -> None:
    after = decision.after or {}
    if "apart" in after:
        pair = SponsorPair.objects.filter(one=decision.sponsor, other=after["apart"])
        pair.update(apart=False)
        return
    assert decision.sponsor_id is not None  # noqa: S101 - a merging has its sponsor
    sponsor, into = held(decision.sponsor_id, after["into"])
    refuse_if_overtaken(decision, {sponsor.pk, into.pk})
    before = decision.before or {}
    SponsorAlias.objects.filter(sponsor=into, normalised=after["added"]).delete()
    for column, value in before["into"].items():
        # What somebody else wrote meanwhile stays.
        if getattr(into, column) == (value or getattr(sponsor, column)):
            setattr(into, column, value)
    into.save(update_fields=_FILLED)
    into.aliases.filter(normalised__in=before["names"]).update(sponsor=sponsor)
    into.products.filter(pk__in=before["products"]).update(sponsor=sponsor)
    into.merged.filter(pk__in=before["merged"]).update(merged_into=sponsor)
    Sponsor.objects.filter(pk=sponsor.pk).update(merged_into=None)
    _move_parts_back(before, sponsor, into)


def refuse_if_overtaken(decision: Decision, sponsors: Iterable[int]) -> None:
    """Raise ValidationError where a later decision about the names of these sponsors stands.

    Names move with a merging: only from the last decision to the first is each as it was.
    """
    keys = list(sponsors)
    later = (
        Decision.objects.filter(
            Q(kind=DecisionKind.SPONSOR) | Q(kind=DecisionKind.MERGE, aspect="merge"),
            Q(sponsor__in=keys) | Q(after__into__in=keys),
            pk__gt=decision.pk,
            undone_at=None,
        )
        .select_related("sponsor")
        .order_by("pk")
        .first()
    )
    if later is not None:
        words = _("A later decision stands, of %(when)s (%(what)s): undo that one first.")
        when = f"{timezone.localtime(later.at):%Y-%m-%d %H:%M}"
        params = {"when": when, "what": str(later)}
        raise ValidationError(words, code="overtaken", params=params)


def held(*keys: int) -> list[Sponsor]:
    """The sponsors in this order, which nobody else changes until the transaction ends."""
    rows = Sponsor.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    by_key = {row.pk: row for row in rows}
    return [by_key[key] for key in keys]


def _check_two(sponsor: Sponsor, into: Sponsor) -> None:
    if sponsor.pk == into.pk:
        raise ValidationError(_("A sponsor is not merged into itself."), code="itself")
    for one in (sponsor, into):
        if one.merged_into is not None:
            words = _("“%(one)s” was merged into “%(other)s” already. Nothing was changed.")
            params = {"one": one.name, "other": one.merged_into.name}
            raise ValidationError(words, code="merged", params=params)


Part = tuple[int, int, str, str]  # trial, sponsor, role, the name it is given by


def _move_parts(sponsor: Sponsor, into: Sponsor) -> list[Part]:
    """Give the trials to the other; the parts in trials in which both took part are returned.

    One part in such a trial is left: the lead's, else the other's own.
    """
    for one in (sponsor, into):
        nameless = TrialSponsor.objects.filter(sponsor=one, named="")
        nameless.update(named=normalise_name(one.name))
    both = TrialSponsor.objects.filter(
        sponsor__in=(sponsor, into),
        trial__in=TrialSponsor.objects.filter(sponsor=sponsor).values("trial"),
    ).filter(trial__in=TrialSponsor.objects.filter(sponsor=into).values("trial"))
    kept: dict[int, int] = {}
    many = [
        part
        for part in sorted(
            both, key=lambda p: (p.role != SponsorRole.LEAD, p.sponsor_id != into.pk)
        )
        if kept.setdefault(part.trial_id, part.pk) != part.pk
    ]
    TrialSponsor.objects.filter(pk__in=[part.pk for part in many]).delete()
    TrialSponsor.objects.filter(sponsor=sponsor).update(sponsor=into)
    return sorted((part.trial_id, part.sponsor_id, part.role, part.named) for part in both)


def _move_parts_back(before: dict[str, Any], sponsor: Sponsor, into: Sponsor) -> None:
    """By the names that the records give: a refresh may have written the trials anew meanwhile."""
    parts = TrialSponsor.objects.filter(sponsor=into)
    parts.filter(named__in=before["names"]).update(sponsor=sponsor)
    wanted = {(trial, key, role): named for trial, key, role, named in before["shared"]}
    trials = {trial for trial, _key, _role in wanted}
    there = TrialSponsor.objects.filter(sponsor__in=(sponsor, into), trial__in=trials)
    rows = set(there.values_list("trial", "sponsor", "role"))
    still = {trial for trial, _key, _role in rows}  # the record may have dropped both
    leads = TrialSponsor.objects.filter(role=SponsorRole.LEAD, trial__in=trials)
    led = set(leads.values_list("trial", flat=True))
    TrialSponsor.objects.bulk_create(
        TrialSponsor(trial_id=trial, sponsor_id=key, role=role, named=named)
        for (trial, key, role), named in wanted.items()
        if trial in still
        and (trial, key, role) not in rows
        and not (role == SponsorRole.LEAD and trial in led)
    )


def _fill(into: Sponsor, merged: Sponsor) -> str | None:
    """Fill what the kept one lacks; the normalised Chinese name that it has as a new name."""
    if merged.name_zh and not into.name_zh:
        into.name_zh, into.name_zh_note = merged.name_zh, merged.name_zh_note
    into.sponsor_class = into.sponsor_class or merged.sponsor_class
    into.save(update_fields=_FILLED)
    normalised = normalise_name(merged.name_zh)
    known = SponsorAlias.objects.filter(normalised=normalised)
    if merged.name_zh in ("", into.name_zh) or known.exists():
        return None
    SponsorAlias.objects.create(
        sponsor=into, name=merged.name_zh, normalised=normalised, kind=AliasKind.CHINESE
    )
    return normalised
