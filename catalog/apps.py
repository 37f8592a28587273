"""Names the part of the project that shows the catalogue, and what it keeps ready of each trial."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = "Catalogue"

    def ready(self) -> None:
        from catalog.api import documents  # noqa: PLC0415 - models are ready only now
        from catalog.exports.again import ask_for_files  # noqa: PLC0415 - as above
        from trials.models import TrialDocument  # noqa: PLC0415 - as above
        from trials.search import kept  # noqa: PLC0415 - as above
        from trials.signals import refreshed  # noqa: PLC0415 - as above

        refreshed.connect(ask_for_files)
        kept.keep(TrialDocument, documents.made, later=True)
        post_migrate.connect(_forget_other_forms, sender=apps.get_app_config("trials"))


def _forget_other_forms(*, using: str, **_kwargs: Any) -> None:
    from catalog.api import documents  # noqa: PLC0415 - models are ready only now

    documents.forget_other_forms(using)
