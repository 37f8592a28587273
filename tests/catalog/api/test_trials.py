"""The API's trials: the list, one trial, what changed in it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.builders import (
    THEN,
    make_change,
    make_curator,
    make_document,
    make_fact,
    make_mention,
    make_product,
    make_publication,
    make_ready,
    make_source,
    make_sponsor,
    make_sponsorship,
    make_trial,
)
from tests.queries import price
from trials.models import Trial
from trials.partial_date import PartialDate
from trials.vocabulary import FactKind, SponsorRole

pytestmark = pytest.mark.django_db

KEYS = [
    "id",
    "url",
    "registry",
    "registry_id",
    "registry_url",
    "title",
    "official_title",
    "acronym",
    "status",
    "phases",
    "study_type",
    "start_date",
    "primary_completion_date",
    "completion_date",
    "enrollment",
    "sponsor",
    "collaborators",
    "countries",
    "cell_sources",
    "donor_type",
    "preparation",
    "routes",
    "doses",
    "administrations",
    "indications",
    "products",
    "publications",
    "documents",
    "has_results",
    "first_posted",
    "last_updated",
    "refreshed_at",
    "curated",
]


def get(client: Client, address: str) -> Any:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 200, response.content
    return response.json()


def full_trial(number: str) -> Trial:
    """A trial with one of everything."""
    trial = make_trial(
        number,
        phases=("PHASE1", "PHASE2"),
        countries=("CN", "CN", "TW"),
        sponsor=make_sponsor("tokai-university", name_zh="东海大学", sponsor_class="OTHER"),
        sources=(make_source("whartons-jelly", "umbilical-cord", name_zh="华通氏胶"),),
        indications=("knee-osteoarthritis",),
        products=("cartistem",),
        donors=("allogeneic",),
        preparations=("expanded",),
        routes=("intra-articular",),
        title_zh="膝",
        start_date=PartialDate("2016-03"),
        enrollment_count=20,
        enrollment_type="ACTUAL",
        last_updated=date(2024, 1, 2),
    )
    make_sponsorship(trial, "helper", SponsorRole.COLLABORATOR)
    make_fact(trial, FactKind.DOSE, dose_min=2e7, dose_max=2e7, dose_unit="cells", text="2 x 10^7")
    make_fact(trial, FactKind.ADMINISTRATIONS, number=2)
    document = make_document("chinese-hospital-list", title="List")
    make_mention(trial, document, place=f"row of {number}", title_words="Stem Cells")
    make_publication(f"matas-{number.lower()}", trial, title="Phase 1/2")
    return trial


def test_a_trial_has_exactly_the_promised_keys_in_their_order(client: Client) -> None:
    full_trial("NCT03166865")
    assert list(get(client, "trials/")["results"][0]) == KEYS
    assert list(get(client, "trials/NCT03166865/"))[: len(KEYS)] == KEYS


def test_a_trial_of_the_list_says_all_that_is_known(client: Client) -> None:
    full_trial("NCT03166865")
    assert get(client, "trials/") == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "id": "NCT03166865",
                "url": "http://testserver/api/v1/trials/NCT03166865/",
                "registry": "ClinicalTrials.gov",
                "registry_id": "NCT03166865",
                "registry_url": "https://clinicaltrials.gov/study/NCT03166865",
                "title": {"en": "Trial NCT03166865", "zh": "膝"},
                "official_title": None,
                "acronym": None,
                "status": "RECRUITING",
                "phases": ["PHASE1", "PHASE2"],
                "study_type": "INTERVENTIONAL",
                "start_date": "2016-03",
                "primary_completion_date": None,
                "completion_date": None,
                "enrollment": {"count": 20, "type": "ACTUAL"},
                "sponsor": {
                    "slug": "tokai-university",
                    "name": {"en": "Tokai University", "zh": "东海大学"},
                    "class": "OTHER",
                },
                "collaborators": [
                    {"slug": "helper", "name": {"en": "Helper", "zh": None}, "class": None}
                ],
                "countries": [{"code": "CN", "name": "China"}, {"code": "TW", "name": "Taiwan"}],
                "cell_sources": [
                    {
                        "slug": "whartons-jelly",
                        "name": "Whartons jelly",
                        "role": "experimental",
                        "basis": "record",
                        "quote": None,
                    }
                ],
                "donor_type": "allogeneic",
                "preparation": "expanded",
                "routes": ["intra-articular"],
                "doses": [
                    {"text": "2 x 10^7", "min": 20000000.0, "max": 20000000.0, "unit": "cells"}
                ],
                "administrations": 2,
                "indications": [{"slug": "knee-osteoarthritis", "name": "Knee osteoarthritis"}],
                "products": [{"slug": "cartistem", "name": "Cartistem"}],
                "publications": [{"slug": "matas-nct03166865", "title": "Phase 1/2"}],
                "documents": [{"slug": "chinese-hospital-list", "title": "List"}],
                "has_results": None,
                "first_posted": None,
                "last_updated": "2024-01-02",
                "refreshed_at": None,
                "curated": False,
            }
        ],
    }


def test_a_trial_of_which_little_is_known_says_so(client: Client) -> None:
    make_trial("SCT-0001", status="", study_type="")
    trial = get(client, "trials/SCT-0001/")
    unknown = ("registry", "registry_id", "registry_url", "status", "study_type", "sponsor")
    assert [trial[key] for key in unknown] == [None] * len(unknown)
    assert trial["enrollment"] == {"count": None, "type": None}
    assert (trial["donor_type"], trial["preparation"]) == ("not-stated", "not-stated")
    assert trial["administrations"] is None
    assert (trial["cell_sources"], trial["doses"], trial["countries"]) == ([], [], [])


def test_two_donor_types_that_stand_are_both(client: Client) -> None:
    make_trial("NCT00000001", donors=("autologous", "allogeneic"), preparations=("not-stated",))
    trial = get(client, "trials/")["results"][0]
    assert (trial["donor_type"], trial["preparation"]) == ("both", "not-stated")


def test_a_controls_cells_are_named_with_their_role_and_set_no_donor(client: Client) -> None:
    trial = make_trial("NCT00000001", sources=("cord-blood",))
    make_fact(trial, FactKind.CELL_SOURCE, "bone-marrow", role="comparator")
    make_fact(trial, FactKind.DONOR_TYPE, "autologous", role="comparator")
    answer = get(client, "trials/")["results"][0]
    assert [(row["slug"], row["role"]) for row in answer["cell_sources"]] == [
        ("cord-blood", "experimental"),
        ("bone-marrow", "comparator"),
    ]
    assert answer["donor_type"] == "not-stated"


def test_a_curators_decision_stands_and_what_it_overrules_is_kept_apart(client: Client) -> None:
    trial = make_trial("NCT00000001", sources=("bone-marrow",))
    make_curator(public_name="Wei L.")
    make_fact(trial, FactKind.CELL_SOURCE, "adipose", basis="curator", note="read the paper")
    answer = get(client, "trials/NCT00000001/")
    assert answer["curated"] is True
    assert [row["slug"] for row in answer["cell_sources"]] == ["adipose"]
    facts = [(row["value"], row["basis"], row["shown"]) for row in answer["facts"]]
    assert facts == [("bone-marrow", "record", False), ("adipose", "curator", True)]
    assert [(row["decided_by"], row["note"]) for row in answer["facts"]] == [
        (None, None),
        ("Wei L.", "read the paper"),
    ]
    assert answer["conflicts"] == []


def test_sources_that_disagree_are_shown_together(client: Client) -> None:
    trial = make_trial("NCT00000001", sources=("bone-marrow",))
    make_fact(trial, FactKind.CELL_SOURCE, "adipose", basis="document")
    answer = get(client, "trials/NCT00000001/")
    assert [
        (row["kind"], [fact["value"] for fact in row["facts"]]) for row in answer["conflicts"]
    ] == [("cell_source", ["bone-marrow", "adipose"])]


def test_the_whole_trial_has_the_documents_exact_words(client: Client) -> None:
    full_trial("NCT03166865")
    assert get(client, "trials/NCT03166865/")["mentions"] == [
        {
            "document": {"slug": "chinese-hospital-list", "title": "List"},
            "place": "row of NCT03166865",
            "position": None,
            "sponsor_words": None,
            "title_words": "Stem Cells",
            "title_zh_words": None,
            "note": None,
        }
    ]


def test_names_come_in_the_language_of_the_request(client: Client) -> None:
    full_trial("NCT03166865")
    trial = get(client, "trials/?lang=zh-hans")["results"][0]
    assert [country["name"] for country in trial["countries"]] == ["中国", "台湾"]
    assert trial["cell_sources"][0]["name"] == "华通氏胶"


@pytest.mark.parametrize("spelling", ["nct3166865", "NCT 03166865", "nct03166865", "SCT-0009"])
def test_another_spelling_or_number_leads_to_the_one_address(client: Client, spelling: str) -> None:
    make_trial("NCT03166865", aliases=("SCT-0009",))
    response = client.get(f"/api/v1/trials/{spelling}/", {"lang": "en"})
    assert response.status_code == 301
    assert response["Location"] == "/api/v1/trials/NCT03166865/?lang=en"
    changes = client.get(f"/api/v1/trials/{spelling}/changes/")
    assert changes["Location"] == "/api/v1/trials/NCT03166865/changes/"


def test_a_trial_outside_the_catalogue_is_not_shown(client: Client) -> None:
    make_trial("NCT00000001", screening="excluded")
    shown = make_trial("NCT00000002")
    assert [row["id"] for row in get(client, "trials/")["results"]] == [shown.number]
    assert client.get("/api/v1/trials/NCT00000001/").status_code == 404
    assert client.get("/api/v1/trials/NCT00000001/changes/").status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.django_db(transaction=True)
def test_a_list_costs_the_same_queries_whatever_its_length(client: Client, rows: int) -> None:
    for number in range(1, rows + 1):
        full_trial(f"NCT{number:08d}")
    make_ready()
    assert price(client, "/api/v1/trials/?page_size=100&country=CN") == 3


def test_pages_follow_each_other_and_keep_the_question(client: Client) -> None:
    for _ in range(3):
        make_trial(countries=("CN",))
    first = get(client, "trials/?country=CN&page_size=2")
    assert first["count"] == 3
    assert first["previous"] is None
    assert first["next"] == "http://testserver/api/v1/trials/?country=CN&page_size=2&page=2"
    second = client.get(first["next"]).json()
    assert len(second["results"]) == 1
    assert second["next"] is None
    assert second["previous"].endswith("page=1")


def test_the_changes_of_a_trial_are_its_own_the_newest_first(client: Client) -> None:
    trial, other = make_trial("NCT00000001"), make_trial("NCT00000002")
    make_change(trial, "status", old="RECRUITING", new="COMPLETED")
    make_change(trial, "enrollment", seen_at=datetime(2026, 4, 1, tzinfo=UTC), old=None, new=20)
    make_change(other)
    assert get(client, "trials/NCT00000001/changes/")["results"] == [
        {
            "trial": "NCT00000001",
            "url": "http://testserver/api/v1/trials/NCT00000001/",
            "kind": "material",
            "field": "enrollment",
            "old": None,
            "new": 20,
            "seen_at": "2026-04-01T00:00:00Z",
        },
        {
            "trial": "NCT00000001",
            "url": "http://testserver/api/v1/trials/NCT00000001/",
            "kind": "material",
            "field": "status",
            "old": "RECRUITING",
            "new": "COMPLETED",
            "seen_at": "2026-03-15T12:00:00Z",
        },
    ]


@pytest.mark.parametrize(
    ("since", "fields"),
    [
        ("2026-03", ["status", "enrollment"]),
        ("2026-03-16", ["enrollment"]),
        ("2026-03-15T12:00:00Z", ["status", "enrollment"]),
        ("2026-03-15T12:00:01", ["enrollment"]),
    ],
)
def test_changes_since_a_moment(client: Client, since: str, fields: list[str]) -> None:
    trial = make_trial("NCT00000001")
    make_change(trial, "status")
    make_change(trial, "enrollment", seen_at=datetime(2026, 4, 1, tzinfo=UTC))
    make_change(make_trial("NCT00000002", screening="excluded"))
    answer = get(client, f"changes/?since={since}")
    assert [row["field"] for row in answer["results"]] == fields


def test_facets_have_the_address_that_clicking_leads_to(client: Client) -> None:
    make_trial(countries=("CN",), phases=("PHASE1",))
    make_trial(countries=("TW",), phases=("PHASE1",))
    answer = get(client, "facets/?country=CN&page_size=10")
    assert answer["count"] == 1
    trials = "http://testserver/api/v1/trials/?"
    assert answer["facets"]["country"] == [
        {
            "value": "CN",
            "label": "China",
            "count": 1,
            "selected": True,
            "url": f"{trials}page_size=10",
            "depth": 0,
        },
        {
            "value": "TW",
            "label": "Taiwan",
            "count": 1,
            "selected": False,
            "url": f"{trials}country=CN&country=TW&page_size=10",
            "depth": 0,
        },
        {
            "value": "not-stated",
            "label": "Not stated",
            "count": 0,
            "selected": False,
            "url": f"{trials}country=CN&country=not-stated&page_size=10",
            "depth": 0,
        },
    ]


def test_a_products_other_names_find_its_trials(client: Client) -> None:
    make_trial("NCT00000001", products=(make_product("cartistem", aliases=["PNEUMOSTEM-K"]),))
    make_trial("NCT00000002")
    assert [row["id"] for row in get(client, "trials/?q=pneumostem")["results"]] == ["NCT00000001"]


def test_moments_are_the_same_in_every_answer_wherever_the_server_stands(client: Client) -> None:
    """The trials of a list were made ready by another process, maybe of another time zone."""
    trial = make_trial("NCT00000001", sources=("adipose",), refreshed_at=THEN)
    make_change(trial, seen_at=THEN)
    make_ready()
    with timezone.override("Asia/Shanghai"):
        listed = client.get("/api/v1/trials/?include=facts,changes").json()["results"][0]
        whole = client.get("/api/v1/trials/NCT00000001/").json()
        changed = client.get("/api/v1/changes/").json()["results"][0]
    assert listed["refreshed_at"] == whole["refreshed_at"] == "2026-03-15T12:00:00Z"
    assert listed["facts"][0]["decided_at"] == whole["facts"][0]["decided_at"]
    assert whole["facts"][0]["decided_at"].endswith("Z")
    assert listed["changes"][0]["seen_at"] == changed["seen_at"] == "2026-03-15T12:00:00Z"
