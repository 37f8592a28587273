"""Whether a paper belongs to a trial, and how, as a person decides: no seed writes another."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from trials.curation.decisions import (
    check_note,
    hold,
    hold_to_decide,
    record,
    states_before,
    undoes,
)
from trials.models import Decision, Publication, Trial, TrialPublication
from trials.papers import Link, decided_links, link_between, put_link
from trials.search.kept import writing
from trials.vocabulary import DecisionKind

_LONGEST = TrialPublication._meta.get_field("relation").max_length or 0


@writing()
def link_paper(  # noqa: PLR0913 - all but the two are named where it is called
    trial: Trial,
    publication: Publication,
    *,
    relation: str,
    basis: str = "",
    remark: str = "",
    by: User,
    note: str,
    at: datetime | None = None,
) -> bool:
    """Let the paper belong to the trial: how (`relation`), and how we know (`basis`: the note).

    False where a person has decided just this. Raises ValidationError for a missing note or
    relation, and for a trial that turned out to be another.
    """
    relation, note = relation.strip(), check_note(note)
    if not 0 < len(relation) <= _LONGEST:
        words = _("Say how the paper belongs to the trial, in 1 to %(most)d letters.")
        raise ValidationError(words, code="relation", params={"most": _LONGEST})
    link = Link(relation=relation, basis=basis.strip() or note, note=remark.strip())
    return _decide(trial, publication, link, by=by, note=note, at=at)


@writing()
def part_paper(
    trial: Trial, publication: Publication, *, by: User, note: str, at: datetime | None = None
) -> bool:
    """Let the paper not belong to the trial. False, and raises, as `link_paper` does."""
    return _decide(trial, publication, None, by=by, note=check_note(note), at=at)


def _decide(  # noqa: PLR0913 - as `link_paper`
    trial: Trial,
    publication: Publication,
    link: Link | None,
    *,
    by: User,
    note: str,
    at: datetime | None,
) -> bool:
    hold_to_decide(trial)
    before = link_between(trial, publication.pk)
    if before == link and (trial.pk, publication.pk) in decided_links(trial):
        return False
    put_link(trial, publication.pk, link)
    record(
        DecisionKind.PUBLICATION,
        trial=trial,
        aspect=str(publication.pk),
        before={"link": before},
        # The title as it is now: what is said of the decision later needs no other row.
        after={"link": link, "title": publication.title},
        by=by,
        note=note,
        at=at or timezone.now(),
    )
    return True


@undoes(DecisionKind.PUBLICATION)
def _bring_back(decision: Decision, by: User, note: str, at: datetime) -> None:
    trial = decision.trial
    assert trial is not None  # noqa: S101 - a decision about a paper has its trial
    hold(trial)
    link = (states_before([decision])[decision.pk] or {}).get("link")
    if link is not None and not Publication.objects.filter(pk=decision.aspect).exists():
        raise ValidationError(_("The paper is in the catalogue no more."), code="gone")
    put_link(trial, int(decision.aspect), link)
