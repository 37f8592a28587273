"""An answer that still holds is not sent again, and nobody is told that an older one holds."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.api import caching
from tests.builders import (
    make_change,
    make_claim,
    make_document,
    make_fact,
    make_product,
    make_publication,
    make_run,
    make_source,
    make_sponsor,
    make_trial,
)
from tests.trials.search.test_fresh import elsewhere
from tests.writers import at_work, wait_for_earlier_writers
from trials.models import Sponsor, Trial
from trials.search.log import version
from trials.vocabulary import FactKind

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/api/v1/trials/?country=CN&include=facts"
ADDRESSES = (
    *("trials/", "trials/NCT00000001/", "trials/NCT00000001/changes/", "changes/", "facets/"),
    *("sponsors/", "cell-sources/", "countries/CN/", "publications/", "documents/", "products/"),
)


@pytest.fixture
def _catalogue() -> None:
    trial = make_trial("NCT00000001", countries=("CN",), sources=("adipose",), sponsor="medipost")
    make_change(trial)


def again(client: Client, address: str, answer: Any, **headers: str) -> Any:
    """The same question by a client that has the answer."""
    return client.get(address, headers={"if-none-match": answer["ETag"], **headers})


def settled(client: Client, address: str) -> Any:
    """An answer that holds."""
    wait_for_earlier_writers()
    return client.get(address)


@pytest.mark.usefixtures("_catalogue")
@pytest.mark.parametrize("address", ADDRESSES)
def test_what_did_not_change_is_told_in_one_query_and_without_a_body(
    client: Client, address: str
) -> None:
    first = settled(client, f"/api/v1/{address}")
    assert first.status_code == 200
    with CaptureQueriesContext(connection) as queries:
        second = again(client, f"/api/v1/{address}", first)
    assert (second.status_code, second.content) == (304, b"")
    assert len(queries) == 1
    for name in ("ETag", "Cache-Control", "Vary"):
        assert second[name] == first[name]
    assert client.head(f"/api/v1/{address}")["ETag"] == first["ETag"]


@pytest.mark.usefixtures("_catalogue")
@pytest.mark.parametrize("spelling", ["{}", "W/{}", '"another", {}', '"another",W/{}'])
def test_a_tag_is_the_same_with_and_without_the_sign_that_it_is_weak(
    client: Client, spelling: str
) -> None:
    opaque = settled(client, ADDRESS)["ETag"].removeprefix("W/")
    same = client.get(ADDRESS, headers={"if-none-match": spelling.format(opaque)})
    assert same.status_code == 304
    other = client.get(ADDRESS, headers={"if-none-match": spelling.format('"0123"')})
    assert other.status_code == 200


CHANGES: dict[str, Callable[[Any], object]] = {
    "trial": lambda trial: type(trial).objects.update(title="Another"),
    "fact": lambda trial: make_fact(trial, FactKind.DONOR_TYPE, "autologous"),
    "arm": lambda trial: trial.arms.create(position=1, label="A"),
    "outcome": lambda trial: trial.outcomes.create(position=1, kind="primary", measure="Pain"),
    "reference": lambda trial: trial.references.create(position=1, pmid="1"),
    "alias": lambda trial: trial.aliases.create(number="SCT-0009"),
    "change": make_change,
    "new trial": lambda trial: make_trial("NCT00000009"),
    "removed trial": lambda trial: trial.delete(),
    "sponsor's note": lambda trial: Sponsor.objects.update(note="x"),
    "new sponsor": lambda trial: make_sponsor("another"),
    "product": lambda trial: make_product("cartistem"),
    "publication": lambda trial: make_publication(),
    "claim": lambda trial: make_claim(make_document()),
    "claimed": lambda trial: trial.claims.add(make_claim(make_document())),
    "cell source": lambda trial: make_source("skin"),
    "refresh": lambda trial: make_run(),
}


@pytest.mark.usefixtures("_catalogue")
@pytest.mark.parametrize("change", CHANGES)
def test_after_any_change_the_answer_is_sent_anew(client: Client, change: str) -> None:
    trial = make_trial("NCT00000002", countries=("CN",))
    first = settled(client, ADDRESS)
    CHANGES[change](trial)
    second = again(client, ADDRESS, first)
    assert second.status_code == 200
    assert second["ETag"] != first["ETag"]


@pytest.mark.usefixtures("_catalogue")
def test_an_answer_holds_for_its_own_question_language_and_software_alone(
    client: Client, settings: Any
) -> None:
    first = client.get(ADDRESS)
    assert again(client, "/api/v1/trials/?country=CN", first).status_code == 200
    assert again(client, ADDRESS, first, **{"accept-language": "zh-hans"}).status_code == 200
    assert again(client, ADDRESS, first, accept="application/*").status_code == 200
    settings.SOFTWARE_VERSION = "next"
    assert again(client, ADDRESS, first).status_code == 200


@pytest.mark.usefixtures("_catalogue")
def test_a_date_is_told_once_no_other_version_can_have_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Last-Modified" not in client.get(ADDRESS)
    monkeypatch.setattr(caching, "_SETTLED", -1)
    settled(client, ADDRESS)
    date = client.get(ADDRESS)["Last-Modified"]
    assert client.get(ADDRESS, headers={"if-modified-since": date}).status_code == 304
    long_ago = "Sat, 29 Oct 1994 19:43:31 GMT"
    assert client.get(ADDRESS, headers={"if-modified-since": long_ago}).status_code == 200


@pytest.mark.usefixtures("_catalogue")
def test_a_date_of_other_software_holds_no_longer(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Processes of the version before have left theirs in the cache that all share."""
    monkeypatch.setattr(caching, "_SETTLED", -1)
    monkeypatch.setattr(caching.time, "time", lambda: 1_000_000_000.0)
    settled(client, ADDRESS)
    date = client.get(ADDRESS)["Last-Modified"]
    settings.SOFTWARE_VERSION = "another"
    monkeypatch.setattr(caching, "_seen", ("", 0.0))
    monkeypatch.setattr(caching.time, "time", lambda: 1_000_000_060.0)
    assert client.get(ADDRESS, headers={"if-modified-since": date}).status_code == 200


@pytest.mark.usefixtures("_catalogue")
def test_what_is_no_answer_is_never_one_that_still_holds(client: Client) -> None:
    star = {"if-none-match": "*"}
    assert client.get("/api/v1/trials/?nope=1", headers=star).status_code == 400
    wrong = client.get("/api/v1/trials/?nope=1")
    assert (wrong["Cache-Control"], "ETag" in wrong) == ("no-store", False)


@pytest.mark.usefixtures("_catalogue")
def test_caches_are_told_what_an_answer_depends_on_and_get_no_cookie(client: Client) -> None:
    client.cookies["django_language"] = "zh-hans"
    answer = client.get("/api/v1/countries/CN/?lang=en", headers={"accept-encoding": "gzip"})
    vary = {name.strip() for name in answer["Vary"].split(",")}
    assert vary >= {"Accept", "Accept-Language"}
    assert "Cookie" not in vary
    assert not answer.cookies
    assert answer["Cache-Control"] == "public, no-cache"
    plain = client.get("/api/v1/cell-sources/")
    assert plain["Content-Language"] == "en"  # whatever a cookie of the pages says


@pytest.mark.usefixtures("_catalogue")
def test_long_answers_are_compressed(client: Client) -> None:
    settled(client, "/api/v1/trials/")
    answer = client.get("/api/v1/trials/", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    assert again(client, "/api/v1/trials/", answer).status_code == 304


def test_the_schema_holds_without_a_query(client: Client) -> None:
    first = client.get("/api/v1/schema/")
    with CaptureQueriesContext(connection) as queries:
        assert again(client, "/api/v1/schema/", first).status_code == 304
    assert len(queries) == 0


def test_a_version_is_the_same_in_every_connection_and_is_not_moved_by_other_writers() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the tests' SQLite has one connection")
    make_trial()
    # A writer in another database of the server may end in between, and once is enough.
    assert any(_stays_the_same(attempt) for attempt in range(50))


def _stays_the_same(attempt: int) -> bool:
    before = version("default")
    others: list[str] = []
    elsewhere(lambda: others.append(version("default")))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE of_somebody_else_{attempt} (n int)")
        cursor.execute(f"DROP TABLE of_somebody_else_{attempt}")
    return (version("default"), others) == (before, [before])


def test_a_writer_who_commits_late_makes_another_version() -> None:
    """His stamp is older than the newest: the newest alone would tell nothing."""
    slow, quick = make_trial("NCT00000001"), make_trial("NCT00000002")
    with at_work(lambda: Trial.objects.filter(pk=slow.pk).update(title="Slow")):
        Trial.objects.filter(pk=quick.pk).update(title="Quick")
        between = version("default")
    assert version("default") != between
