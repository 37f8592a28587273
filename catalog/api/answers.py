"""What the API says about itself and its data: changes, facets, freshness, problems."""

from __future__ import annotations

from rest_framework import serializers

from catalog.api.fields import Address, AnyJson, Maybe, Moment, OneOfThese, Words
from catalog.api.things import Shape
from trials.vocabulary import ChangeKind


class ChangeRow(Shape):
    """That a trial's registry record changed; null where there was or is nothing.

    `kind`: `material` and `cosmetic` (written differently without another meaning, or worked out
    by the registry) are of a field. In `first`, `gone`, `back` and `renumbered` the record as a
    whole came into the catalogue, left the registry, came back, got another number; `field` is "".
    """

    trial = serializers.CharField(source="trial.number")
    url = Address("trial", "number", source="trial")
    kind = OneOfThese(tuple(ChangeKind.values))
    field = serializers.CharField()
    old = AnyJson()
    new = AnyJson()
    seen_at = Moment()


class FacetValue(Shape):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()
    selected = serializers.BooleanField()
    url = serializers.URLField()
    depth = serializers.IntegerField()


class Facets(Shape):
    """Each facet counts with every other filter on and its own off."""

    count = serializers.IntegerField()
    facets = serializers.DictField(child=FacetValue(many=True))


class Counts(Shape):
    trials = serializers.IntegerField()
    recruiting = serializers.IntegerField()
    sponsors = serializers.IntegerField()
    products = serializers.IntegerField()
    publications = serializers.IntegerField()
    documents = serializers.IntegerField()
    claims = serializers.IntegerField()


class Versions(Shape):
    api = serializers.CharField()
    software = serializers.CharField()


class LastRefresh(Shape):
    """A refresh from the registry; `fetched` of `expected` studies came, where that is known."""

    status = serializers.CharField()
    kind = serializers.CharField()
    started_at = Moment()
    finished_at = Moment(allow_null=True)
    fetched = serializers.IntegerField()
    expected = serializers.IntegerField(allow_null=True)
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    gone = serializers.IntegerField()
    message = Maybe()


class StatusSheet(Shape):
    """How fresh the catalogue is: `data_date` is the registry's own date of the data.

    It is that of the last complete refresh; before there was one, that of the newest record.
    `last_complete_refresh` is the last that brought the whole catalogue up to date; `stale` says
    that there was none for more than eight days.
    """

    data_date = Maybe()
    last_refresh = LastRefresh(allow_null=True)
    last_complete_refresh = LastRefresh(allow_null=True)
    stale = serializers.BooleanField()
    counts = Counts()
    versions = Versions()


class ProblemError(Shape):
    parameter = serializers.CharField()
    value = serializers.CharField()
    detail = serializers.CharField()
    did_you_mean = Maybe()
    allowed = Words()


class Problem(Shape):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = ProblemError(many=True)  # type: ignore[assignment]
