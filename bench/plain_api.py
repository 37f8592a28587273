"""The API's list as DRF and django-filter give it by themselves: what the catalogue's is beside.

The same serializer over prefetched rows, filters as joins with DISTINCT, pages with a COUNT.
"""

from __future__ import annotations

from typing import Any

PAGE = 100


def view() -> Any:
    """The view function. Called after Django's set-up."""
    import django_filters  # noqa: PLC0415 - after the settings
    from django_filters.rest_framework import DjangoFilterBackend  # noqa: PLC0415 - the same
    from rest_framework.generics import ListAPIView  # noqa: PLC0415 - the same
    from rest_framework.pagination import PageNumberPagination  # noqa: PLC0415 - the same
    from rest_framework.renderers import JSONRenderer  # noqa: PLC0415 - the same

    from catalog.api.trials import TrialRow  # noqa: PLC0415 - the same
    from trials.models import CellSource, Country, Trial  # noqa: PLC0415 - the same

    class Filters(django_filters.FilterSet):
        cell_source = django_filters.ModelMultipleChoiceFilter(
            queryset=CellSource.objects.all(),
            field_name="facts__cell_source__slug",
            to_field_name="slug",
        )
        country = django_filters.ModelMultipleChoiceFilter(
            queryset=Country.objects.all(), field_name="sites__country__code", to_field_name="code"
        )

    class Pages(PageNumberPagination):
        page_size = PAGE

    class PlainList(ListAPIView[Any]):
        queryset = Trial.objects.published().order_by("-last_updated", "number").for_list()
        serializer_class = TrialRow
        filter_backends = (DjangoFilterBackend,)
        filterset_class = Filters
        pagination_class = Pages
        renderer_classes = (JSONRenderer,)

    return PlainList.as_view()
