"""The API's lists of what surrounds the trials, and each of their entries."""

from typing import Any

import pytest
from django.test import Client

from tests.builders import (
    THEN,
    make_approval,
    make_citation,
    make_claim,
    make_country,
    make_document,
    make_indication,
    make_mention,
    make_product,
    make_publication,
    make_record,
    make_run,
    make_source,
    make_sponsor,
    make_trial,
)
from tests.queries import price
from trials.models import ExcludedStudy
from trials.partial_date import PartialDate

pytestmark = pytest.mark.django_db
API = "http://testserver/api/v1/"
# The literal is the price of the list, with 1 row and with 30.
QUERIES = {
    "sponsors": 3,
    "cell-sources": 3,
    "indications": 3,
    "countries": 3,
    "products": 4,
    "publications": 3,
    "documents": 3,
}


def get(client: Client, address: str) -> Any:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 200, response.content
    return response.json()


def test_a_sponsor_with_its_names_and_the_trials_that_it_leads(client: Client) -> None:
    sponsor = make_sponsor("abelzeta", name="AbelZeta", aliases=("CBMG",), sponsor_class="INDUSTRY")
    make_trial(sponsor=sponsor)
    make_trial(sponsor=sponsor, screening="excluded")
    row = {
        "slug": "abelzeta",
        "url": f"{API}sponsors/abelzeta/",
        "name": {"en": "AbelZeta", "zh": None},
        "trials": 1,
        "trials_url": f"{API}trials/?sponsor=abelzeta",
        "class": "INDUSTRY",
    }
    assert get(client, "sponsors/") == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [row],
    }
    whole = get(client, "sponsors/abelzeta/")
    assert {key: whole[key] for key in row} == row
    assert whole["aliases"] == [
        {"name": "CBMG", "kind": "other"},
        {"name": "AbelZeta", "kind": "registry"},
    ]


def test_a_tree_lists_parents_first_and_counts_each_branch(client: Client) -> None:
    make_source("placenta", name_zh="胎盘", position=1)
    make_source("amnion", "placenta", position=2)
    make_source("adipose", position=3)
    make_trial(sources=("amnion", "placenta"))
    rows = get(client, "cell-sources/")["results"]
    assert [(row["slug"], row["parent"], row["trials"]) for row in rows] == [
        ("placenta", None, 1),
        ("amnion", "placenta", 1),
        ("adipose", None, 0),
    ]
    assert get(client, "cell-sources/placenta/") == rows[0]
    assert rows[0]["name"] == {"en": "Placenta", "zh": "胎盘"}
    assert rows[0]["trials_url"] == f"{API}trials/?cell_source=placenta"


def test_indications_and_countries_count_their_trials(client: Client) -> None:
    make_indication("knee-osteoarthritis", "osteoarthritis")
    make_trial(indications=("knee-osteoarthritis",), countries=("TW", "TW"))
    rows = get(client, "indications/")["results"]
    assert [(row["slug"], row["trials"]) for row in rows] == [
        ("osteoarthritis", 1),
        ("knee-osteoarthritis", 1),
    ]
    assert get(client, "indications/osteoarthritis/")["trials"] == 1
    assert get(client, "countries/")["results"] == [get(client, "countries/TW/")]
    assert get(client, "countries/TW/") == {
        "code": "TW",
        "url": f"{API}countries/TW/",
        "name": {"en": "Taiwan", "zh": "台湾"},
        "trials": 1,
        "trials_url": f"{API}trials/?country=TW",
    }


def test_a_country_in_small_letters_leads_to_its_one_address(client: Client) -> None:
    make_country("CN")
    response = client.get("/api/v1/countries/cn/?lang=en")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/countries/CN/?lang=en")


def test_a_product_with_what_regulators_decided(client: Client) -> None:
    product = make_product("chondrocelect", is_stem_cell="no", donor_type="autologous")
    make_approval(product, regulator="EMA", kind="withdrawal", date=PartialDate("2016-07"))
    make_trial(products=(product,))
    make_claim(make_document("list")).products.add(product)
    row = get(client, "products/")["results"][0]
    assert (row["slug"], row["is_stem_cell"], row["trials"]) == ("chondrocelect", "no", 1)
    assert [(one["regulator"], one["kind"], one["date"]) for one in row["approvals"]] == [
        ("EMA", "withdrawal", "2016-07")
    ]
    assert len(get(client, "products/chondrocelect/")["claims"]) == 1


def test_a_publication_with_its_trials_and_citations(client: Client) -> None:
    publication = make_publication("matas-2019", make_trial("NCT02580695"), year=2019)
    make_citation(make_document("list"), publication, words="Matas 2019")
    assert [row["trials"] for row in get(client, "publications/")["results"]] == [1]
    whole = get(client, "publications/matas-2019/")
    assert [link["trial"]["id"] for link in whole["trial_links"]] == ["NCT02580695"]
    assert [row["words"] for row in whole["citations"]] == ["Matas 2019"]


def test_a_document_with_its_exact_words_its_claims_and_what_it_leaves_out(client: Client) -> None:
    document = make_document("list", title="List", title_zh="名单", language="zh")
    make_mention(make_trial("NCT00000001"), document, place="row 1", position=1, title_words="Pulp")
    make_mention(make_trial("NCT00000002", screening="excluded"), document, place="row 2")
    make_claim(document, words="九成好转", verdict="misread")
    ExcludedStudy.objects.create(
        document=document, slug="rats", title="Rats", place="note", words="rats", reason="Animals."
    )
    assert [row["trials"] for row in get(client, "documents/")["results"]] == [1]
    whole = get(client, "documents/list/")
    assert [(row["trial"]["id"], row["title_words"]) for row in whole["mentions"]] == [
        ("NCT00000001", "Pulp")
    ]
    assert [(row["words"], row["verdict"]) for row in whole["claims"]] == [("九成好转", "misread")]
    assert [row["reason"] for row in whole["excluded_studies"]] == ["Animals."]


def test_the_status_says_how_fresh_the_catalogue_is(client: Client) -> None:
    make_record(make_trial(status="COMPLETED"), data_timestamp="2026-03-14T09:00:05")
    make_trial()
    make_run(status="incomplete")
    answer = get(client, "status/")
    assert answer["data_date"] == "2026-03-14T09:00:05"
    assert answer["last_refresh"]["status"] == "incomplete"
    assert (answer["counts"]["trials"], answer["counts"]["recruiting"]) == (2, 1)
    assert list(answer["versions"]) == ["api", "software"]


def test_the_data_are_of_the_day_of_the_last_complete_refresh(client: Client) -> None:
    """As the foot of every page and the files say; not of a study that was asked for alone."""
    make_run(kind="full", data_timestamp="2026-03-14T09:00:05", finished_at=THEN)
    make_run(kind="numbers", data_timestamp="2026-03-20T09:00:05", finished_at=THEN)
    make_record(make_trial(), data_timestamp="2026-03-20T09:00:05")
    assert get(client, "status/")["data_date"] == "2026-03-14T09:00:05"


def test_the_status_of_an_empty_catalogue_is_an_answer_too(client: Client) -> None:
    answer = get(client, "status/")
    assert (answer["data_date"], answer["last_refresh"]) == (None, None)
    assert set(answer["counts"].values()) == {0}


def fill(rows: int) -> None:
    """A catalogue in which every list has at least this many rows."""
    for number in range(rows):
        sponsor = make_sponsor(f"sponsor-{number}")
        source = make_source(f"source-{number}", "root")
        make_approval(
            make_product(f"product-{number}", sponsor=sponsor, cell_source=source),
            country=make_country("KR"),
        )
        make_indication(f"indication-{number}", "root")
        make_country(f"A{chr(65 + number % 26)}")
        make_publication()
        make_document()


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.django_db(transaction=True)
def test_a_list_costs_the_same_queries_whatever_its_length(client: Client, rows: int) -> None:
    fill(rows)
    asked = {name: price(client, f"/api/v1/{name}/?page_size=100") for name in QUERIES}
    assert asked == QUERIES
