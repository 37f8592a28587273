"""After a test that committed the next one finds empty tables, and the roles."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.http import QueryDict
from django.test import TransactionTestCase

from catalog.filters import ask
from tests.builders import make_change, make_curator, make_ready
from tests.catalog.api.test_trials import full_trial
from tests.emptying import empty_databases, written
from trials.roles import ROLES


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_but_the_roles_and_no_index_shows_what_was() -> None:
    make_change(full_trial("NCT03166865"))
    make_curator()
    make_ready()
    assert len(ask(QueryDict()).trials) == 1
    empty_databases(TransactionTestCase())
    with connection.cursor() as cursor:
        assert written(cursor) == []
    assert len(ask(QueryDict()).trials) == 0
    assert {group.name for group in Group.objects.all()} >= {*ROLES}
