"""A document that is kept ready is what the serializer says, whatever happened since."""

import csv
import re
from collections.abc import Callable
from random import Random
from typing import Any

import orjson
import pytest
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from catalog.api.documents import FORM, forget_other_forms, rows
from catalog.api.documents import documents as kept_documents
from catalog.api.trials import TrialRow
from catalog.exports.ready import ready_lines
from catalog.exports.rows import header, lines, row
from tests.builders import (
    make_curator,
    make_fact,
    make_mention,
    make_publication,
    make_ready,
    make_trial,
)
from tests.catalog.api.test_trials import full_trial
from tests.trials.search.catalogues import grow_catalogue
from trials import curation
from trials.models import (
    CellSource,
    Country,
    Document,
    Fact,
    Indication,
    Product,
    Publication,
    Sponsor,
    Trial,
    TrialDocument,
)
from trials.search import kept
from trials.vocabulary import FactKind

pytestmark = pytest.mark.django_db(transaction=True)
LANGUAGES = ("en", "zh-hans")
ORIGIN = "http://testserver"


def as_serialized(keys: list[int]) -> list[Any]:
    """The plain way: the serializer over the ORM's rows."""
    trials = {trial.pk: trial for trial in Trial.objects.filter(pk__in=keys).for_list()}
    context = {"request": RequestFactory().get("/")}
    return [TrialRow(trials[key], context=context).data for key in keys]


def as_kept(keys: list[int]) -> list[Any]:
    return [orjson.loads(line) for line in kept_documents(keys, ORIGIN)]


def assert_the_same() -> None:
    keys = list(Trial.objects.order_by("-pk").values_list("pk", flat=True))
    for language in LANGUAGES:
        with override(language):
            # As text too: keys in their order, every name in its place.
            assert list(map(list, as_kept(keys))) == list(map(list, as_serialized(keys)))
            assert as_kept(keys) == orjson.loads(orjson.dumps(as_serialized(keys)))
            # And the rows of a CSV file, as the files have them.
            told = map(row, rows(keys, ORIGIN))
            assert b"".join(ready_lines([keys], ORIGIN)) == lines(told)


def rename(model: type[Any], **names: str) -> Callable[[Random], object]:
    return lambda random: model.objects.order_by("?").update(
        **{name: f"{value} {random.random()}" for name, value in names.items()}
    )


def any_of(random: Random) -> Trial:
    return random.choice(Trial.objects.order_by("pk")) if Trial.objects.exists() else make_trial()


def decide(random: Random) -> None:
    sources = list(CellSource.objects.order_by("pk"))
    curation.confirm_source(
        any_of(random), sources=[random.choice(sources)], by=make_curator(), note=str(random)
    )


# Of things whose names stand in no document.
RENAMES: list[Callable[[Random], object]] = [
    rename(CellSource, name="Source", name_zh="来源"),
    rename(Indication, name="Disease", name_zh="病"),
    rename(Country, name="Country", name_zh="国"),
]
# By doors and past them; of the things that a document names too.
EDITS: list[Callable[[Random], object]] = [
    rename(Sponsor, name="Sponsor", name_zh="机构"),
    rename(Product, name="Product"),
    rename(Publication, title="Paper", title_zh="论文"),
    rename(Document, title="List", title_zh="名单"),
    rename(Trial, title="Trial", acronym="A"),
    lambda random: Publication.objects.order_by("?").update(year=random.choice((None, 2001))),
    lambda random: Sponsor.objects.update(sponsor_class=random.choice(("INDUSTRY", "NIH"))),
    lambda random: Fact.objects.filter(trial=any_of(random)).update(shown=False),
    lambda random: make_fact(any_of(random), FactKind.DONOR_TYPE, "autologous"),
    lambda random: make_mention(any_of(random), "list", place=str(random.random())),
    lambda random: make_publication("", any_of(random), title_zh="论文"),
    lambda random: any_of(random).sites.all().delete(),
    lambda random: any_of(random).delete(),
    lambda random: full_trial(f"NCT{random.randrange(10**7):08d}"),
    decide,
    lambda random: make_ready(),
]


@pytest.mark.parametrize("seed", range(2))
def test_a_kept_document_is_the_serializers_after_any_edit(seed: int) -> None:
    random = Random(seed)
    grow_catalogue(random, 15)
    full_trial("NCT03166865")
    assert_the_same()
    make_ready()
    assert_the_same()
    for _ in range(25 if connection.vendor == "sqlite" else 10):
        random.choice(EDITS + RENAMES)(random)
        assert_the_same()


def test_a_renamed_cell_source_makes_no_document_anew() -> None:
    full_trial("NCT03166865")
    make_ready()
    CellSource.objects.update(name="Another name")
    assert kept.find_behind("default", later=True) == []
    (row,) = as_kept([Trial.objects.get().pk])
    assert row["cell_sources"][0]["name"] == "Another name"


@pytest.mark.parametrize("model", [CellSource, Indication])
def test_a_slug_that_an_operator_changes_is_in_the_next_answer(model: Any) -> None:
    full_trial("NCT03166865")
    make_ready()
    model.objects.filter(facts__isnull=False).update(slug="by-hand")
    assert_the_same()


def test_documents_are_read_in_one_query_and_in_the_order_asked() -> None:
    keys = [full_trial(f"NCT0000000{number}").pk for number in range(1, 9)]
    make_ready()
    order = [keys[3], keys[0], keys[7]]
    list(rows(order, ORIGIN))  # the vocabularies are in memory then
    with CaptureQueriesContext(connection) as queries:
        found = [row["id"] for row in rows(order, ORIGIN)]
    assert found == ["NCT00000004", "NCT00000001", "NCT00000008"]
    assert len([query for query in queries if "trialdocument" in query["sql"]]) == 1
    assert not [query for query in queries if "trials_fact" in query["sql"]]


def test_within_a_transaction_that_writes_nothing_old_is_told() -> None:
    trial = full_trial("NCT03166865")
    make_ready()
    with transaction.atomic():
        for title in ("One", "Two"):
            Trial.objects.filter(pk=trial.pk).update(title=title)
            assert as_kept([trial.pk])[0]["title"]["en"] == title


def test_a_trial_that_is_gone_meanwhile_is_left_out() -> None:
    trial = make_trial()
    assert [row["id"] for row in rows([trial.pk + 1, trial.pk], ORIGIN)] == [trial.number]
    assert list(rows([], ORIGIN)) == []


def test_after_an_update_of_the_software_documents_of_another_form_are_made_anew() -> None:
    trial = make_trial()
    make_ready()
    TrialDocument.objects.update(form=FORM + 1, body="{}")
    assert as_kept([trial.pk]) == orjson.loads(orjson.dumps(as_serialized([trial.pk])))
    forget_other_forms("default")
    assert kept.find_behind("default", later=True) == [trial.pk]


def test_the_form_of_a_document_has_its_number() -> None:
    """If this fails, documents have another form: give FORM another number, and this test too."""
    full_trial("NCT03166865")
    make_ready()
    (document,) = TrialDocument.objects.all()
    assert (document.form, FORM) == (3, 3)
    body = orjson.loads(
        re.sub(r'"name":\x1f(.*?)\x1f', r'"name":"~\1~"', document.body).replace("\x1f", "~")
    )
    assert list(body) == list(TrialRow().fields)
    assert body["url"] == "~address~NCT03166865/"
    assert body["sponsor"] == {
        "slug": "tokai-university",
        "name": {"en": "Tokai University", "zh": "东海大学"},
        "class": "OTHER",
    }
    assert body["countries"] == [
        {"code": "CN", "name": "~countries:CN~"},
        {"code": "TW", "name": "~countries:TW~"},
    ]
    assert body["cell_sources"] == [
        {
            "slug": "whartons-jelly",
            "name": "~cell_sources:whartons-jelly~",
            "role": "experimental",
            "basis": "record",
            "quote": None,
        }
    ]
    assert body["indications"] == [
        {"slug": "knee-osteoarthritis", "name": "~indications:knee-osteoarthritis~"}
    ]
    assert body["products"] == [{"slug": "cartistem", "name": "Cartistem"}]
    assert body["documents"] == [{"slug": "chinese-hospital-list", "title": "List"}]
    cells = dict(zip(header(), next(csv.reader([document.cells])), strict=True))
    assert cells["url"] == "\x1faddress\x1fNCT03166865/"
    assert cells["countries.name"] == "\x1fcountries.name:CN|TW\x1f"


def test_odd_signs_in_titles_open_no_hole_and_end_no_cell() -> None:
    odd = 'A "b", c\x1fd\x1ee\x1faddress\x1f|\n=1'
    trial = make_trial("NCT00000001", title=odd, official_title=odd)
    make_publication("", trial, title=odd, title_zh="论\x1e文, “一”")
    make_publication("", trial, title="Second", title_zh="")
    make_mention(trial, "list", place=odd)
    Document.objects.update(title_zh="=名单")
    assert_the_same()
    make_ready()
    assert_the_same()


def test_what_is_kept_is_on_the_next_page(client: Client) -> None:
    trial = make_trial("NCT00000001")
    make_ready()
    Trial.objects.filter(pk=trial.pk).update(title="Renamed")
    (row,) = client.get("/api/v1/trials/").json()["results"]
    assert row["title"]["en"] == "Renamed"


def test_a_slug_that_a_spreadsheet_would_take_for_a_formula_has_its_name() -> None:
    for sources in (("-placenta",), ("-placenta", "bone-marrow")):
        make_trial(sources=sources)
    make_ready()
    assert_the_same()
