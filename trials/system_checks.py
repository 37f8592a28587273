"""What must hold before any command works: the tables of words can be read."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from trials.extraction.tables import UnusableTables, check_tables


@register("tables")
def tables_can_be_read(**_kwargs: Any) -> list[CheckMessage]:
    try:
        check_tables()
    except UnusableTables as error:
        return [Error(str(error), hint="See trials/extraction/lexicon/.", id="trials.E001")]
    return []
