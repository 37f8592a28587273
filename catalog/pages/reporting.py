"""Report an error: the one form that a visitor without a login may send."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from catalog.methods import only_read, read_or_send
from catalog.pages.listing import read_page
from catalog.pages.report_form import ReportForm
from catalog.pages.trial import unknown
from catalog.parameters import OneOf
from catalog.reading import ParameterSet
from catalog.visitors import within_limit
from trials.curation.reports import EMAIL_KEPT, make_report, shown_now
from trials.models import Report, Trial
from trials.vocabulary import REPORTABLE

HOUR = 3600  # seconds
_made = Signer(salt="catalog.pages.reporting")


class AboutFact(ParameterSet):
    """The parameter of the form: what the reader was looking at."""

    fact = OneOf(
        _("Fact"),
        _("What the report is about."),
        choices={aspect: aspect for aspect in REPORTABLE},
        example="dose",
    )


@read_or_send
@never_cache
@sensitive_post_parameters("email", "words")
def report(request: HttpRequest, number: str) -> HttpResponse:
    """The form, about one fact or the whole trial; sent, it waits for a curator."""
    trial: Any = Trial.objects.published().numbered(number).first()
    if trial is None:
        return unknown(request, number)
    if trial.number != number and request.method != "POST":
        return redirect("report", trial.number, permanent=True)
    reading = read_page(request, AboutFact)
    aspect = reading.values.get("fact") or ""
    form = ReportForm(
        request.POST or None,
        initial={"aspect": aspect},
        number=trial.number,
        days=EMAIL_KEPT.days,
    )
    status = 400 if reading.faults else 200
    if request.method == "POST" and status == 200:
        status = 400
        if form.is_valid():
            if _may_send(request):
                return redirect("report-thanks", trial.number, _made.sign(_send(trial, form)))
            form.add_error(
                None,
                _("Too many reports came within an hour. Please try again later."),
            )
            status = 429
    context = {
        "trial": trial,
        "form": form,
        "about": REPORTABLE.get(aspect),
        "shown": shown_now(trial, aspect),
        "faults": reading.faults,
    }
    response = render(request, "catalog/report.html", context, status=status)
    if status == 429:
        response["Retry-After"] = str(HOUR)
    return response


@never_cache
@only_read
def thanks(request: HttpRequest, number: str, made: str) -> HttpResponse:
    """The reference of a report that was just sent; asks no database, which may be a late one."""
    try:
        reference = _made.unsign(made)
    except BadSignature as error:
        raise Http404 from error
    return render(request, "catalog/report_thanks.html", {"number": number, "reference": reference})


def _may_send(request: HttpRequest) -> bool:
    """Within what one visitor, and all visitors together, may send in an hour."""
    since = timezone.now() - timedelta(seconds=HOUR)
    most = settings.REPORTS_AN_HOUR
    if len(Report.objects.made_since(since).order_by()[:most]) >= most:
        return False
    own = settings.REPORTS_AN_HOUR_FROM_ONE_ADDRESS
    return within_limit(request, "report", most=own, seconds=HOUR)


def _send(trial: Trial, form: ReportForm) -> str:
    """The reference of the report."""
    said = form.cleaned_data
    made = make_report(
        trial,
        aspect=said["aspect"],
        fault=said["fault"],
        words=said["words"],
        email=said["email"],
        language=get_language() or settings.LANGUAGE_CODE,
    )
    return made.reference
