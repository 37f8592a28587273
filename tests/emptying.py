"""Empties the databases after a test that committed, at the cost of what the test wrote.

Django truncates every table instead and does what follows a `migrate`: on PostgreSQL that takes
seconds, however little was written.
"""

from functools import cache

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase

from trials.models import ChangedTrial
from trials.search.triggers import begin_epoch

# What comes with the tables, and what no test that commits changes.
KEPT = (ContentType, Permission, Group, Group.permissions.through)


def empty_databases(case: TransactionTestCase) -> None:
    """Delete every row a test can have left, and begin an epoch: no index outlives its test."""
    for using in case._databases_names(include_mirrors=False):
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            for table in written(cursor):
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
            # Last: what is deleted above is noted in it.
            cursor.execute(f"DELETE FROM {ChangedTrial._meta.db_table}")  # noqa: S608
            begin_epoch(connections[using])


def written(cursor: CursorWrapper) -> list[str]:
    asked = [f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in _tables()]  # noqa: S608
    cursor.execute(" UNION ALL ".join(asked))
    return [table for (table,) in cursor.fetchall()]


@cache
def _tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if model not in (*KEPT, ChangedTrial)})
