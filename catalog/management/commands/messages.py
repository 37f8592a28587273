"""Brings the files of translations in step with the words of the source."""

from typing import Any

from django.core.management.base import BaseCommand

from catalog.translations import ROOT, compile_translations, update_translations


class Command(BaseCommand):
    help = (
        "Writes the texts of code and templates that are new into catalog/locale/, untranslated,"
        " and takes out those that are gone. Example: manage.py messages"
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for path, missing in update_translations():
            self.stdout.write(f"{path.relative_to(ROOT)}: {missing} to be translated")
        compile_translations()
