"""The API's views: what each shows, and nothing on how."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import OpenApiParameter
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.answers import ChangeRow, Facets, StatusSheet
from catalog.api.caching import Validators, of_software
from catalog.api.errors import NotHere
from catalog.api.fields import absolute
from catalog.api.following import FollowedTrial, is_followed, part
from catalog.api.lists import TrialInList, rows_of
from catalog.api.paging import Pages, PagesOfChanges, PagesOfTrials
from catalog.api.strict import (
    Changes,
    ChangesOfTrial,
    Paged,
    StrictView,
    TrialListQuestion,
    TrialQuestion,
    one_address,
)
from catalog.api.trials import TrialWhole
from catalog.asking import Asked, answered
from trials import history
from trials.freshness import freshness
from trials.models import Trial
from trials.numbers import proper_number
from trials.querysets import TrialQuerySet

NUMBER = OpenApiParameter(
    "number",
    {"type": "string", "examples": ["NCT03166865"]},
    OpenApiParameter.PATH,
    description="The trial's number, in any spelling; an older number leads to the one address.",
)


class List(ListModelMixin, StrictView):
    """A paged list."""

    parameters = Paged
    pagination_class = Pages

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)


class TrialList(List):
    """Trials, by every question that one can ask."""

    parameters = TrialListQuestion
    serializer_class = TrialInList
    pagination_class = PagesOfTrials
    counts_trials = True

    @cached_property
    def asked(self) -> Asked:
        return answered(self.reading)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found: Any = self.asked.trials  # counted and sliced, which is all that a page needs
        keys: Any = self.paginate_queryset(found)
        values = self.reading.values
        parts, fields = values.get("include", ()), values.get("fields", ())
        rows = rows_of(keys, self.get_serializer_context(), parts, fields)
        return self.get_paginated_response(rows)


class OneTrial(StrictView):
    """A view of the trial whose number stands in the address."""

    path_parameters = (NUMBER,)

    def find(self, trials: TrialQuerySet) -> Trial:
        """The trial of this number. Raises NotHere with the number as it was read."""
        number = self.kwargs["number"]
        trial = trials.published().numbered(number).first()
        if trial is None:
            detail = _("The catalogue has no trial %(number)s.")
            raise NotHere((), detail % {"number": (proper_number(number) or number)[:100]})
        return trial

    def elsewhere(self, trial: Trial) -> HttpResponse | None:
        """A redirect, where the trial was asked for by another spelling than its own."""
        if self.kwargs["number"] == trial.number:
            return None
        return one_address(self.request, trial.number)


class TrialDetail(OneTrial):
    """One trial, whole: with every fact, its provenance, and where the statements disagree."""

    serializer_class = TrialWhole

    def get(self, request: Request, number: str) -> HttpResponse:
        trial = self.find(Trial.objects.with_curated().for_page())
        return self.elsewhere(trial) or Response(self.get_serializer(trial).data)


class TrialChanges(OneTrial, List):
    """What changed in a trial's registry record, the newest first."""

    parameters = ChangesOfTrial
    serializer_class = ChangeRow

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        self.trial = self.find(Trial.objects.all())
        return self.elsewhere(self.trial) or self.list(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        cosmetic = self.reading.values.get("cosmetic", False)
        return history.changes_of(self.trial, with_cosmetic=cosmetic)


class ChangeList(List):
    """What changed: in the registry's records, the oldest first; or which trials, to keep a copy.

    **A copy that stays true**: begin with `since=` (empty) and follow `next` until it is null. Keep
    `cursor`; later, `since=<cursor>` tells each trial that changed meanwhile, once, as it is now,
    and with `gone` each that the catalogue does not show any more. Keep trials by `key`: a number
    may change. Names of cell sources, indications and countries are in the language that was asked
    for; where only such a name changes, no trial is told. 410 says that a copy must begin again.
    """

    parameters = Changes
    serializer_class = ChangeRow
    pagination_class = PagesOfChanges
    answers = (ChangeRow, FollowedTrial)
    further_codes = (410,)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if is_followed(request, self.reading):
            return Response(part(request, self.reading))
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        asked = self.reading.values
        return history.changes(asked.get("since"), with_cosmetic=asked.get("cosmetic", False))


class FacetView(StrictView):
    """How many trials each value has under the other filters, and the address of these trials."""

    parameters = TrialQuestion
    serializer_class = Facets
    counts_trials = True

    def get(self, request: Request) -> Response:
        asked = answered(self.reading)
        facets = {
            parameter: [
                {
                    "value": row.value,
                    "label": row.label,
                    "count": row.count,
                    "selected": row.selected,
                    "url": self._address(row.query),
                    "depth": row.depth,
                }
                for row in rows
            ]
            for parameter, rows in asked.facets().items()
        }
        return Response({"count": asked.trials.count(), "facets": facets})

    def _address(self, query: str) -> str:
        trials = reverse("api:trials")
        return absolute(self.request, f"{trials}?{query}" if query else trials)


class StatusView(StrictView):
    """How fresh the catalogue is and how much is in it."""

    serializer_class = StatusSheet

    def validators(self, request: HttpRequest) -> None:
        """It grows stale by itself."""

    def get(self, request: Request) -> Response:
        fresh = freshness()
        known = history.freshness()
        # One study that was asked for later makes the catalogue no newer, and a refresh that found
        # nothing new does.
        complete = fresh.complete.data_timestamp if fresh.complete else ""
        status = {
            **known,
            "data_date": complete or known["data_date"],
            "last_complete_refresh": fresh.complete,
            "stale": fresh.stale(timezone.now()),
            "versions": {
                "api": settings.SPECTACULAR_SETTINGS["VERSION"],
                "software": settings.SOFTWARE_VERSION,
            },
        }
        return Response(self.get_serializer(status).data)


class Nothing(StrictView):
    """Every address that the API does not have."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotHere((), _("The API has nothing at this address; its list is at /api/v1/docs/."))


class SchemaView(StrictView, SpectacularAPIView):
    """The schema, as JSON; as YAML if that is asked for."""

    def validators(self, request: HttpRequest) -> Validators:
        return of_software(request)

    renderer_classes = [
        OpenApiJsonRenderer2,
        OpenApiJsonRenderer,
        OpenApiYamlRenderer2,
        OpenApiYamlRenderer,
    ]


class DocsView(SpectacularSwaggerSplitView):
    """The schema to read and to try; every file comes from this site."""

    http_method_names = ["get", "head", "options"]
    url_name = "api:schema"
    url_self = None
    template_name = "api/docs.html"
