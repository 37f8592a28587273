"""What the API says about itself and its data: changes, facets, freshness, problems."""

from __future__ import annotations

from rest_framework import serializers

from catalog.api.fields import Address, AnyJson, Maybe, Words
from catalog.api.things import Shape


class ChangeRow(Shape):
    """That a field of a trial's registry record changed; null where there was or is nothing."""

    trial = serializers.CharField(source="trial.number")
    url = Address("trial", "number", source="trial")
    field = serializers.CharField()
    old = AnyJson()
    new = AnyJson()
    seen_at = serializers.DateTimeField()


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
    status = serializers.CharField()
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class StatusSheet(Shape):
    """How fresh the catalogue is: `data_date` is the registry's own date of the data."""

    data_date = Maybe()
    last_refresh = LastRefresh(allow_null=True)
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
