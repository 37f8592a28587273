"""The list of trials in other forms: the same trials in the same order, whole or refused."""

import csv
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.exports.twins import Download
from tests.builders import make_publication, make_ready, make_sponsor, make_trial

pytestmark = pytest.mark.django_db

TWINS = ("csv", "ndjson", "ris")
ODD = "=cmd|' /C calc'!A1,\"<b>膝关节</b>\"\r\n\x01\u2028x\x85y\u2029z"


def body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    content: bytes = response.getvalue()
    return content.decode()


def read_csv(client: Client, address: str) -> list[dict[str, str]]:
    text = body(client, address)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def read_ndjson(client: Client, address: str) -> list[dict[str, Any]]:
    # For splitlines(), as for many a program, U+2028 ends a line too.
    return [json.loads(line) for line in body(client, address).splitlines()]


def numbers(client: Client, ending: str, query: str) -> list[str]:
    """The trials' numbers in the order of the file."""
    address = f"/trials.{ending}?{query}"
    if ending == "csv":
        return [row["id"] for row in read_csv(client, address)]
    if ending == "ndjson":
        return [trial["id"] for trial in read_ndjson(client, address)]
    lines = body(client, address).split("\r\n")
    return [line.removeprefix("AN  - ") for line in lines if line.startswith("AN")]


@pytest.fixture
def trials() -> None:
    for n, code in enumerate(("CN", "DE", "CN", "CN"), start=1):
        make_trial(f"NCT0000000{n}", countries=(code,), start_date=f"201{n}")
    make_trial("NCT00000009", countries=("CN",), screening="excluded")


@pytest.mark.parametrize("ending", TWINS)
@pytest.mark.usefixtures("trials")
def test_a_twin_has_the_trials_of_the_question_in_its_order(client: Client, ending: str) -> None:
    query = "country=CN&ordering=-start"
    assert numbers(client, ending, query) == ["NCT00000004", "NCT00000003", "NCT00000001"]
    listed = client.get(f"/api/v1/trials/?{query}").json()["results"]
    assert numbers(client, ending, query) == [trial["id"] for trial in listed]


@pytest.mark.usefixtures("trials")
def test_a_line_is_the_apis_own_object(client: Client) -> None:
    listed = client.get("/api/v1/trials/?lang=zh-hans").json()["results"]
    assert read_ndjson(client, "/trials.ndjson?lang=zh-hans") == listed


@pytest.mark.parametrize("ending", TWINS)
@pytest.mark.usefixtures("trials")
def test_a_page_of_the_list_is_sent_where_it_is_asked_for(client: Client, ending: str) -> None:
    query = "ordering=start&page_size=3&page=2"
    assert numbers(client, ending, query) == ["NCT00000004"]
    response = client.get(f"/trials.{ending}?{query}")
    assert response["X-Total-Count"] == "4"
    response.getvalue()


@pytest.mark.parametrize("ending", TWINS)
def test_no_trial_is_a_file_without_records(client: Client, ending: str) -> None:
    make_trial()
    assert numbers(client, ending, "status=COMPLETED") == []


@pytest.mark.usefixtures("trials")
def test_the_number_and_the_question_are_told_before_the_first_trial(client: Client) -> None:
    response = client.get("/trials.csv?country=CN&q=trial")
    assert response["X-Total-Count"] == "3"
    today = timezone.localdate().isoformat()
    name = f"stem-cell-trials-trial-cn-{today}-3.csv"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert not response.has_header("Content-Length")
    response.getvalue()


@pytest.mark.usefixtures("trials")
def test_a_files_name_is_safe_whatever_was_asked(client: Client) -> None:
    response = client.get("/trials.ris", {"q": '"; filename="x.exe\n膝 ../../trial', "lang": "en"})
    name = response["Content-Disposition"].partition("filename=")[2]
    assert set(name.strip('"')) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    response.getvalue()


@pytest.mark.usefixtures("trials")
def test_a_last_line_marks_the_end_where_that_is_asked(client: Client) -> None:
    marked = body(client, "/trials.ndjson?country=CN&end_mark=yes").splitlines()
    assert json.loads(marked[-1]) == {"end": True, "count": 3}
    assert len(marked) == 4
    assert body(client, "/trials.csv?country=CN&end_mark=yes").endswith("\r\n# end: 3 trials\r\n")
    assert len(read_ndjson(client, "/trials.ndjson?country=CN&end_mark=no")) == 3


def test_references_have_no_place_for_an_end_mark(client: Client) -> None:
    response = client.get("/trials.ris?end_mark=yes")
    assert response.status_code == 400
    assert "no place for an end mark" in response.content.decode()


# --- Whatever the registry's texts hold


def test_odd_text_breaks_no_form(client: Client) -> None:
    odd = make_trial("NCT00000001", title=ODD, acronym="-1", conditions=[ODD])
    make_publication("paper", odd, title="a|b", title_zh="软骨")
    make_trial("NCT00000002", sponsor=make_sponsor("x", name="=1+1"))
    row, other = read_csv(client, "/trials.csv?ordering=title")
    assert row["title.en"] == "'" + ODD.replace("\r\n", "\n").replace("\x01", "")
    assert (row["acronym"], row["publications.title"]) == ("'-1", "a¦b")
    assert other["sponsor.name.en"] == "'=1+1"
    assert read_ndjson(client, "/trials.ndjson?ordering=title")[0]["title"]["en"] == ODD
    assert numbers(client, "ris", "ordering=title") == ["NCT00000001", "NCT00000002"]


# --- What is wrong with a question


@pytest.mark.parametrize("ending", [*TWINS, "atom"])
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("contry=CN", "There is no parameter “contry”."),
        ("country=QQ", "“QQ” is no value of “country”."),
        ("page_size=0", "is no whole number from 1 to"),
        ("view=table", "There is no parameter “view”."),
        ("ordering=distance", "needs “near” too"),
        ("q=%00", "NUL"),
    ],
)
def test_what_is_not_understood_is_refused(
    client: Client, ending: str, query: str, words: str
) -> None:
    make_trial(countries=("CN",))
    response = client.get(f"/trials.{ending}?{query}")
    assert response.status_code == 400
    assert words in response.content.decode()
    assert "Content-Disposition" not in response


def test_the_words_name_the_nearest_and_the_right_ones(client: Client) -> None:
    text = client.get("/trials.csv?contry=CN").content.decode()
    assert "Did you mean “country”?" in text
    assert "cell_source, donor_type" in text


def test_json_lines_are_refused_with_a_problem(client: Client) -> None:
    response = client.get("/trials.ndjson?contry=CN")
    assert response["Content-Type"] == "application/problem+json"
    (error,) = response.json()["errors"]
    assert (error["parameter"], error["did_you_mean"]) == ("contry", "country")


@pytest.mark.parametrize("ending", TWINS)
def test_a_page_beyond_the_end_is_not_there(client: Client, ending: str) -> None:
    make_trial()
    response = client.get(f"/trials.{ending}?page=2")
    assert response.status_code == 404
    assert "the last one is page 1" in response.content.decode()


@pytest.mark.parametrize("ending", [*TWINS, "atom"])
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    name=st.sampled_from([*Download.parameters(), "view", ""]),
    value=st.one_of(
        st.text(max_size=20), st.sampled_from(["0", "-1", "1e9", "9" * 30, "2016-13", "yes", "|"])
    ),
)
def test_whatever_is_asked_is_answered_or_refused(ending: str, name: str, value: str) -> None:
    response = Client().get(f"/trials.{ending}", {name: value})
    assert response.status_code in (200, 400, 404)
    response.getvalue()


# --- HTTP


@pytest.mark.parametrize("ending", [*TWINS, "atom"])
@pytest.mark.usefixtures("trials")
def test_head_says_what_get_says_and_sends_nothing(client: Client, ending: str) -> None:
    got, head = client.get(f"/trials.{ending}"), client.head(f"/trials.{ending}")
    got.getvalue()
    assert head.getvalue() == b""
    # An entity tag is made of the content.
    assert {**head.headers, "ETag": ""} == {**got.headers, "ETag": ""}


@pytest.mark.parametrize("ending", [*TWINS, "atom"])
def test_a_twin_is_only_read(client: Client, ending: str) -> None:
    assert client.post(f"/trials.{ending}").status_code == 405


@pytest.mark.usefixtures("trials")
def test_the_forms_lead_to_each_other(client: Client) -> None:
    links = {
        "html": '</trials/?country=CN>; rel="alternate"; type="text/html"',
        "csv": '</trials.csv?country=CN>; rel="alternate"; type="text/csv"',
        "ndjson": '</trials.ndjson?country=CN>; rel="alternate"; type="application/x-ndjson"',
        "json": '</api/v1/trials/?country=CN>; rel="alternate"; type="application/json"',
        "ris": '</trials.ris?country=CN>; rel="alternate";'
        ' type="application/x-research-info-systems"',
        "atom": '</trials.atom?country=CN>; rel="alternate"; type="application/atom+xml"',
    }
    for own in ("csv", "ndjson", "ris", "atom"):
        response = client.get(f"/trials.{own}?country=CN&lang=en")
        assert response["Link"] == ", ".join(link for name, link in links.items() if name != own)
        response.getvalue()
    page = client.get("/trials/?country=CN&page_size=2&page=2&lang=en")
    assert page["Link"] == ", ".join(link for name, link in links.items() if name != "html")


@pytest.mark.usefixtures("trials")
def test_a_question_too_long_for_a_header_has_none(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.exports.links.LONGEST_QUERY", len("country=CN") - 1)
    for ending in ("csv", "atom"):
        response = client.get(f"/trials.{ending}?country=CN")
        assert response.status_code == 200
        assert "Link" not in response
        response.getvalue()


@pytest.mark.usefixtures("trials")
def test_any_page_may_read_a_twin_by_script(client: Client) -> None:
    response = client.get("/trials.ndjson")
    assert response["Access-Control-Allow-Origin"] == "*"
    response.getvalue()


# --- While it is sent


def test_the_language_of_the_question_lasts_to_the_end(client: Client) -> None:
    make_trial(countries=("CN",))
    response = client.get("/trials.ndjson?lang=zh-hans")
    with translation.override("en"):
        line = json.loads(response.getvalue())
    assert line["countries"] == [{"code": "CN", "name": "中国"}]


@pytest.mark.parametrize("ending", TWINS)
@pytest.mark.parametrize("rows", [1, 30])
def test_a_twin_costs_the_same_queries_for_1_and_for_30_rows(
    client: Client, ending: str, rows: int
) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("within a transaction that writes, nothing that is kept is sure")
    for _ in range(rows):
        make_trial(sponsor=make_sponsor(), sources=("adipose",), countries=("CN",))
    make_ready()
    first = client.get(f"/trials.{ending}")
    with CaptureQueriesContext(connection) as queries:
        first.getvalue()
    assert len(queries) == {"csv": 4, "ndjson": 4, "ris": 3}[ending]
