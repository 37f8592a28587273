"""Django's entry to what the catalogue knows."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TrialsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "trials"
    verbose_name = _("Trials")

    def ready(self) -> None:
        # Permissions exist only after migrate has made them, so a migration could not grant them.
        post_migrate.connect(_grant_roles, sender=self)
        post_migrate.connect(_follow_changes, sender=self)
        from trials import system_checks  # noqa: F401, PLC0415 - registers them
        from trials.models import Doubted, TrialText  # noqa: PLC0415 - models are ready only now
        from trials.queue import keeping  # noqa: PLC0415 - as above
        from trials.search import kept, texts  # noqa: PLC0415 - as above

        kept.keep(TrialText, texts.texts_of)
        kept.keep(Doubted, keeping.doubt)


def _grant_roles(**kwargs: Any) -> None:
    from django.contrib.auth.management import create_permissions  # noqa: PLC0415 - as below

    from trials.roles import APPS, grant_roles  # noqa: PLC0415 - models are ready only now

    # Django makes them in receivers of the same signal, which run after this one.
    for app in APPS:
        create_permissions(**{**kwargs, "app_config": apps.get_app_config(app)})
    grant_roles(using=kwargs["using"])


def _follow_changes(*, using: str, **_kwargs: Any) -> None:
    """Not by a migration: tables made without migrations, and emptied ones, need them as well."""
    from trials.search import fulltext, kept, restored, triggers  # noqa: PLC0415 - as above

    if triggers.install(using) and fulltext.install(using):
        restored.rebase(using)
        kept.catch_up(using)
