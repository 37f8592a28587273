"""Rows of trials are kept ready, and are never older than their trial and its names."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.pages.rows import MOST_KEPT
from tests.builders import make_source, make_sponsor, make_trial, state_fact
from trials.models import CellSource, Sponsor, Trial
from trials.search import current
from trials.search.kept import catch_up
from trials.showing import settle
from trials.vocabulary import FactKind

pytestmark = pytest.mark.django_db(transaction=True)


def read(client: Client, address: str = "/trials/", language: str = "en") -> str:
    response = client.get(address, headers={"accept-language": language})
    assert response.status_code == 200
    return response.content.decode()


def test_rows_that_are_ready_cost_no_query(client: Client) -> None:
    for _ in range(3):
        make_trial(sources=("adipose",), sponsor=make_sponsor("x"))
    read(client)
    with CaptureQueriesContext(connection) as queries:
        text = read(client)
    assert text.count("<article") == 3
    assert [query for query in queries if "trials_trial" in query["sql"]] == []


def test_a_row_is_made_anew_for_each_language_and_form(client: Client) -> None:
    make_trial(title="Knee", title_zh="膝", sources=(make_source("adipose", name_zh="脂肪"),))
    assert "Cells from" in read(client)
    assert "脂肪" in read(client, language="zh-hans")
    assert "<tr>" in read(client, "/trials/?view=table")
    assert "Cells from" in read(client, "/trials/?view=cards")


def test_marked_words_stay_on_their_own_page(client: Client) -> None:
    make_trial(title="Knee")
    catch_up("default")
    assert "<mark>" in read(client, "/trials/?q=knee")
    assert "<mark>" not in read(client)
    assert "<mark>" in read(client, "/trials/?q=knee")


def test_a_changed_trial_has_a_new_row_and_the_others_stay_ready(client: Client) -> None:
    changed, other = make_trial(title="Knee"), make_trial(title="Hip")
    read(client)
    Trial.objects.filter(pk=changed.pk).update(title="Shoulder")
    assert "Shoulder" in read(client)
    state_fact(other, FactKind.CELL_SOURCE, make_source("adipose", name="Fat"))
    settle([other])
    assert "Fat" in read(client)


def test_a_renamed_source_or_sponsor_is_on_the_next_page(client: Client) -> None:
    make_trial(
        sources=(make_source("adipose", name="Fat"),), sponsor=make_sponsor("x", name="Ecks")
    )
    assert "Ecks" in read(client)
    CellSource.objects.update(name="Adipose tissue")
    Sponsor.objects.update(name="Wye")
    text = read(client)
    assert ("Adipose tissue" in text, "Wye" in text, "Ecks" in text) == (True, True, False)


def test_a_trial_that_is_gone_has_no_row(client: Client) -> None:
    make_trial(title="Knee")
    gone = make_trial(title="Hip")
    read(client)
    gone.delete()
    assert "Hip" not in read(client)


def test_only_so_many_rows_are_kept(client: Client) -> None:
    make_trial()
    current().parts.update({(-n, "filling"): "" for n in range(MOST_KEPT)})
    read(client)
    assert len(current().parts) == 1
