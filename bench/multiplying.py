"""Makes many trials of few, within the database: `python -m bench.multiplying TIMES`.

Every row that a refresh writes is copied with other keys and numbers, so that tables and indexes
are as large as if that many studies had come. A refresh would take minutes for it.
"""

from __future__ import annotations

import os
import sys
from typing import Any


def multiply(times: int) -> None:
    """Make `times` of every trial there is. Their numbers follow each other without a gap."""
    from django.db import connection, transaction  # noqa: PLC0415 - after the settings

    models = _models()
    copies = Copies(models)
    for copy in range(1, times):
        with transaction.atomic(), connection.cursor() as cursor:
            for model in models:
                cursor.execute(copies.statement(model, copy))
    follow([model._meta.db_table for model in models])


class Copies:
    """Writes the statements that copy the rows which were there at first."""

    def __init__(self, models: list[Any]) -> None:
        self._steps = {model: _greatest_key(model) for model in models}
        self._studies = next(model for model in models if model.__name__ == "Trial").objects.count()

    def statement(self, model: Any, copy: int) -> str:
        fields = model._meta.concrete_fields
        columns = ", ".join(f'"{field.column}"' for field in fields)
        values = ", ".join(self._value(field, copy) for field in fields)
        table, key, last = model._meta.db_table, model._meta.pk.column, self._steps[model]
        # Names and numbers of our own; no value from outside.
        rows = f'SELECT {values} FROM "{table}" WHERE "{key}" <= {last}'  # noqa: S608
        return f'INSERT INTO "{table}" ({columns}) {rows}'

    def _value(self, field: Any, copy: int) -> str:
        """What stands in a column of the copy: keys and numbers are moved, names are marked."""
        column = f'"{field.column}"'
        refers_to = field.model if field.primary_key else getattr(field, "related_model", None)
        if refers_to in self._steps:
            return f"{column} + {copy * self._steps[refers_to]}"
        if field.unique and field.column in ("number", "registry_id"):
            return f"'NCT' || (CAST(substr({column}, 4) AS bigint) + {copy * self._studies})"
        return f"{column} || '-{copy}'" if field.unique else column


def _greatest_key(model: Any) -> int:
    last = model.objects.order_by("-pk").first()
    return last.pk if last else 0


def _models() -> list[Any]:
    """All that hangs on a study; a model stands after those it refers to."""
    from trials.models import (  # noqa: PLC0415 - after the settings
        Arm,
        Fact,
        Intervention,
        Outcome,
        RecordChange,
        Reference,
        Site,
        Sponsor,
        SponsorAlias,
        StoredRecord,
        Trial,
        TrialPhase,
        TrialSponsor,
    )

    return [
        *(Sponsor, SponsorAlias, Trial, TrialPhase, TrialSponsor, Site, Outcome, Reference, Arm),
        *(Intervention, Intervention.arms.through, Fact, StoredRecord, RecordChange),
    ]


def follow(tables: list[str]) -> None:
    """PostgreSQL's next keys come after the copies'; SQLite's do so by themselves."""
    from django.db import connection  # noqa: PLC0415 - after the settings

    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table in tables:
            last = f"SELECT max(id) FROM {table}"  # noqa: S608
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), ({last}))")


def settle() -> None:
    """Bring the database to the state in which days of work would have left it."""
    from django.db import connection  # noqa: PLC0415 - after the settings

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Without statistics it would search the facts of a kind where it knows the trial.
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM (ANALYZE)")
            cursor.execute("CHECKPOINT")


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "catalog.settings"
    import django  # noqa: PLC0415 - after the environment

    django.setup()
    multiply(int(sys.argv[1]))
    settle()


if __name__ == "__main__":
    main()
