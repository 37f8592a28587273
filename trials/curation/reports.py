"""Readers' reports: made without a login, closed by a person, and their addresses forgotten."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from trials.audit import note_act
from trials.curation.decisions import check_note
from trials.models import Left, Report, Trial
from trials.models.fact import LINKED
from trials.search.kept import writing
from trials.vocabulary import REPORTABLE, FactKind, ReportedFault, ReportOutcome

# No letter that is taken for a digit, and no vowel that would make words.
_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
EMAIL_KEPT = timedelta(days=180)


@writing()
def make_report(  # noqa: PLR0913 - all but the trial are named where it is called
    trial: Trial,
    *,
    aspect: str,
    fault: ReportedFault | str,
    words: str,
    email: str = "",
    language: str,
    at: datetime | None = None,
) -> Report:
    """Note what a reader says is wrong. `aspect`: a key of REPORTABLE, or "" for the whole trial.

    The same words about the same thing, while they are open, are one report: it comes back. Raises
    ValidationError for an aspect or a fault that nobody knows, and where nothing is said.
    """
    words = _plain(words)
    if (aspect and aspect not in REPORTABLE) or fault not in ReportedFault.values or not words:
        raise ValidationError(_("There is no such thing to report."), code="unknown")
    digest = _digest(trial, aspect, words)
    if same := Report.objects.open().filter(digest=digest).first():
        return same
    report = Report(
        reference=_reference(),
        trial=trial,
        aspect=aspect,
        fault=fault,
        words=words,
        shown=shown_now(trial, aspect),
        email=email,
        language=language,
        made_at=at or timezone.now(),
        digest=digest,
    )
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError:
        # Sent twice at once: the other one was first.
        return Report.objects.open().get(digest=digest)
    return report


@writing()
def close_report(
    report: Report,
    *,
    outcome: ReportOutcome | str,
    by: User,
    note: str,
    at: datetime | None = None,
) -> None:
    """Close a report with what became of it; the reader's address is deleted.

    Raises ValidationError for a missing note, an outcome that nobody knows, and a report that
    somebody else has closed meanwhile.
    """
    note = check_note(note)
    if outcome not in ReportOutcome.values:
        raise ValidationError(_("Choose what became of the report."), code="outcome")
    hold_open(report)
    report.closed_at, report.closed_by = at or timezone.now(), by
    report.outcome, report.note, report.email = outcome, note, ""
    report.save(update_fields=["closed_at", "closed_by", "outcome", "note", "email"])
    note_act(report, by=by, words=f"closed: {outcome}")


def hold_open(report: Report) -> None:
    """Make others who would close it wait until the transaction that is open now has ended.

    Raises ValidationError where somebody else has closed it meanwhile.
    """
    held = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if held.closed_by is not None:
        words = _("It is closed already, by %(who)s: %(outcome)s.")
        params = {"who": held.closed_by, "outcome": held.get_outcome_display()}
        raise ValidationError(words, code="closed", params=params)


@writing()
def reopen_report(report: Report, *, by: User, note: str) -> None:
    """Undo the closing; who closed it and why stays in the log of administrative acts.

    Raises ValidationError for a missing note, for a report that is open, and where the same words
    have been reported again since: that one stands for both.
    """
    note = check_note(note)
    held = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if held.closed_at is None:
        raise ValidationError(_("It is open already."), code="open")
    was = f"{held.outcome}, {held.closed_by}: {held.note}"
    report.closed_at, report.closed_by, report.outcome, report.note = None, None, "", ""
    try:
        with transaction.atomic():
            report.save(update_fields=["closed_at", "closed_by", "outcome", "note"])
    except IntegrityError as error:
        report.refresh_from_db()
        words = _("The same was reported again, and that one is open.")
        raise ValidationError(words, code="open") from error
    # It waits again also for who skipped it before.
    Left.objects.filter(kind="report", key=report.reference).delete()
    note_act(report, by=by, words=f"reopened: {note} (was {was})")


def forget_emails(now: datetime | None = None) -> int:
    """Delete the addresses of reports that nobody closed in time; the number of them."""
    before = (now or timezone.now()) - EMAIL_KEPT
    return Report.objects.with_forgettable_email(before).update(email="")


def shown_now(trial: Trial, aspect: str) -> str:
    """What the catalogue says of this aspect at the moment; empty where that is no fact."""
    if aspect == "title":
        return f"{trial.title}\n{trial.title_zh}".strip()
    if aspect not in FactKind.values:
        return ""
    facts = trial.facts.filter(kind=aspect, shown=True).select_related(*LINKED.values())
    return ", ".join(dict.fromkeys(str(fact.label) for fact in facts.order_by("pk")))


def _plain(words: str) -> str:
    """Without what no reader sees: control signs (line ends stay) and blanks round it."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        sign for sign in lines if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs")
    ).strip()


def _digest(trial: Trial, aspect: str, words: str) -> str:
    said = " ".join(unicodedata.normalize("NFKC", words).casefold().split())
    return hashlib.sha256(f"{trial.pk}\n{aspect}\n{said}".encode()).hexdigest()


def _reference() -> str:
    """Eight signs that tell nobody how many reports there are: some 2 · 10¹¹."""
    return "R-" + "".join(secrets.choice(_LETTERS) for _ in range(8))
