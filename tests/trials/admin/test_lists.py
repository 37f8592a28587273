"""The admin's lists: found, narrowed and counted, at the same cost for one row and for thirty."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import (
    make_approval,
    make_change,
    make_claim,
    make_country,
    make_curator,
    make_document,
    make_fact,
    make_product,
    make_publication,
    make_report,
    make_run,
    make_source,
    make_sponsor,
    make_term,
    make_trial,
)
from trials.admin.access import BoundedPaginator
from trials.curation import confirm_donor
from trials.models import CellSource, ExcludedStudy, HarvestQuery
from trials.search.kept import writing
from trials.vocabulary import FactKind

pytestmark = pytest.mark.django_db
TRIALS = "admin:trials_trial_changelist"
# Queries of each list; two of them are the session and the user.
QUERIES = {
    "cellsource": 18,  # the index and its words: bounded, where a COUNT over all facts is not
    "claim": 5,
    "country": 5,
    "document": 5,
    "excludedstudy": 5,
    "fact": 4,
    "harvestquery": 5,
    "indication": 18,
    "lexiconterm": 4,
    "product": 4,
    "publication": 5,
    "recordchange": 4,
    "refreshrun": 6,
    "report": 4,
    "sponsor": 4,
    "storedrecord": 4,
    "trial": 13,
}
OURS = [model for model in admin.site._registry if model._meta.app_label == "trials"]


def numbers(client: Client, **asked: str) -> list[str]:
    response = client.get(reverse(TRIALS), asked)
    assert response.status_code == 200, response
    return sorted(trial.number for trial in response.context["cl"].result_list)


@pytest.mark.parametrize("words", ["NCT00000002", "SCT-0007", "placental", "胎盘", "Beike", "北科"])
def test_trial_is_found_by_number_title_and_sponsor(as_curator: Client, words: str) -> None:
    beike = make_sponsor("beike", name="Beike Biotech", aliases=("北科生物",))
    make_trial("NCT00000001", title="Something else", title_zh="别的")
    make_trial(
        "NCT00000002",
        title="Of placental cells",
        title_zh="胎盘细胞",
        sponsor=beike,
        aliases=("SCT-0007",),
    )
    assert numbers(as_curator, q=words) == ["NCT00000002"]


def test_a_trial_that_several_names_find_is_one_row(as_curator: Client) -> None:
    make_trial("NCT00000001", sponsor=make_sponsor(name="Beike", aliases=("Beike Bio", "Beike B")))
    assert numbers(as_curator, q="Beike") == ["NCT00000001"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"status__exact": "COMPLETED"}, ["NCT00000002"]),
        ({"status__exact": "new"}, ["NCT00000004"]),
        ({"phases__phase__exact": "PHASE2"}, ["NCT00000001"]),
        ({"phases__phase__exact": "new"}, ["NCT00000004"]),
        ({"cell_source": "placenta"}, ["NCT00000001", "NCT00000002"]),
        ({"cell_source": "amnion"}, ["NCT00000002"]),
        ({"cell_source": "not-stated"}, ["NCT00000003", "NCT00000004"]),
        ({"donor_type": "allogeneic"}, ["NCT00000002"]),
        ({"donor_type": "not-stated"}, ["NCT00000001", "NCT00000004"]),
        ({"curated": "yes"}, ["NCT00000003"]),
        ({"curated": "no"}, ["NCT00000001", "NCT00000002", "NCT00000004"]),
        ({"document": "list"}, ["NCT00000001"]),
        ({"cell_source": "placenta", "donor_type": "allogeneic"}, ["NCT00000002"]),
    ],
)
def test_filters_narrow_the_list(
    as_curator: Client, asked: dict[str, str], found: list[str]
) -> None:
    make_source("amnion", parent="placenta")
    make_trial(
        "NCT00000001", sources=("placenta",), phases=("PHASE1", "PHASE2"), documents=("list",)
    )
    make_trial("NCT00000002", sources=("amnion",), donors=("allogeneic",), status="COMPLETED")
    decided = make_trial("NCT00000003")
    confirm_donor(decided, donors=["xenogeneic"], by=make_curator(), note="Pig cells.")
    new = make_trial("NCT00000004", status="PAUSED_BY_SPONSOR", phases=("PHASE5", "PHASE6"))
    make_fact(new, FactKind.CELL_SOURCE, "not-stated")
    assert numbers(as_curator, **asked) == found


@pytest.mark.parametrize("view", ["changelist", "change"])
def test_a_word_that_the_registry_added_is_shown_in_words(as_curator: Client, view: str) -> None:
    trial = make_trial(status="PAUSED_BY_SPONSOR", study_type="REGISTER")
    page = reverse(f"admin:trials_trial_{view}", args=[trial.pk] if view == "change" else [])
    text = as_curator.get(page).content.decode()
    assert "Paused by sponsor" in text
    assert ("Register<" in text) == (view == "change")


def test_a_class_that_the_registry_added_is_shown_and_found(as_curator: Client) -> None:
    make_sponsor("fund", sponsor_class="CHARITABLE_FUND")
    make_sponsor("beike", sponsor_class="INDUSTRY")
    page = as_curator.get(
        reverse("admin:trials_sponsor_changelist"), {"sponsor_class__exact": "new"}
    )
    assert [sponsor.slug for sponsor in page.context["cl"].result_list] == ["fund"]
    assert "Charitable fund" in page.content.decode()


def test_a_sponsor_keeps_the_class_that_the_registry_added(as_superuser: Client) -> None:
    sponsor = make_sponsor("fund", sponsor_class="CHARITABLE_FUND")
    page = reverse("admin:trials_sponsor_change", args=[sponsor.pk])
    opened = as_superuser.get(page)
    assert '<option value="CHARITABLE_FUND" selected>Charitable fund' in opened.content.decode()
    form = opened.context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields} | {"note": "Seen."}
    response = as_superuser.post(page, sent)
    sponsor.refresh_from_db()
    assert (response.status_code, sponsor.note, sponsor.sponsor_class) == (
        302,
        "Seen.",
        "CHARITABLE_FUND",
    )


@pytest.mark.parametrize("parameter", ["cell_source", "donor_type", "document", "curated"])
def test_filter_refuses_a_value_that_it_does_not_know(as_curator: Client, parameter: str) -> None:
    make_trial(documents=("list",))
    response = as_curator.get(reverse(TRIALS), {parameter: "martian"})
    assert (response.status_code, response.headers.get("Location")) == (
        302,
        f"{reverse(TRIALS)}?e=1",
    )


def test_counts_of_the_filters_are_those_that_clicking_gives(as_curator: Client) -> None:
    make_source("amnion", parent="placenta")
    make_trial(sources=("placenta",))
    make_trial(sources=("amnion",))
    page = as_curator.get(reverse(TRIALS), {"_facets": "True"}).content.decode()
    assert "Placenta (2)" in page
    assert "Amnion (1)" in page


def test_terms_are_listed_as_a_tree_with_their_trials(as_curator: Client) -> None:
    make_source("amnion", parent="placenta")
    make_source("adipose", position=9)
    make_trial(sources=("amnion",))
    response = as_curator.get(reverse("admin:trials_cellsource_changelist"))
    rows = [(s.slug, s.tree_depth, s.trials) for s in response.context["cl"].result_list]
    assert rows == [("placenta", 0, 1), ("amnion", 1, 1), ("adipose", 0, 0)]


def make_rows(n: int) -> None:
    """`n` of everything, all joined to each other."""
    for i in range(n):
        document = make_document(f"document-{i}")
        source = make_source(f"source-{i}", parent=CellSource.objects.first())
        trial = make_trial(
            sources=(source,),
            donors=("autologous",),
            phases=("PHASE1", "PHASE2"),
            countries=("CN", "TW"),
            sponsor=make_sponsor(f"sponsor-{i}", aliases=(f"Alias {i}",)),
            indications=(f"indication-{i}",),
            documents=(document,),
        )
        make_claim(document)
        make_publication(f"publication-{i}", trial)
        make_approval(make_product(f"product-{i}", cell_source=source), country=make_country("KR"))
        make_change(trial)
        make_report(trial)
        make_run()
        make_term(f"golden drops {i}", added_by=make_curator())
        HarvestQuery.objects.create(name=f"query-{i}", term="cells")
        ExcludedStudy.objects.create(
            document=document,
            slug=f"excluded-{i}",
            title="In rabbits",
            place="paragraph 3",
            words="rabbits",
            reason="An animal study.",
        )


@pytest.mark.parametrize("n", [1, 30])
def test_list_costs_the_same_for_one_row_and_for_thirty(as_superuser: Client, n: int) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("within a transaction that writes, nothing that is kept is sure")
    make_rows(n)
    # The session is renewed by the first request, and the index is loaded for it.
    as_superuser.get(reverse("admin:trials_cellsource_changelist"))
    asked = {}
    for model in QUERIES:
        with CaptureQueriesContext(connection) as queries:
            as_superuser.get(reverse(f"admin:trials_{model}_changelist"))
        asked[model] = len(queries)
    assert asked == QUERIES


def test_every_list_has_its_number_of_queries_here() -> None:
    assert set(QUERIES) == {model._meta.model_name for model in OURS}


def test_trials_whose_sources_disagree_can_be_asked_for(as_curator: Client) -> None:
    with writing():
        make_trial("NCT00000001", donors=("autologous",))
        trial = make_trial("NCT00000002", donors=("autologous",))
        make_fact(trial, FactKind.DONOR_TYPE, "allogeneic", basis="rule")
    assert numbers(as_curator, review="no-source") == ["NCT00000001", "NCT00000002"]
    assert numbers(as_curator, review="conflict") == ["NCT00000002"]


def test_a_long_list_is_not_counted_to_its_end(
    as_curator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoundedPaginator, "MOST", 2)
    for n in range(2):
        make_trial(f"NCT0000000{n}")
    assert "2 trials" in " ".join(as_curator.get(reverse(TRIALS)).content.decode().split())
    make_trial("NCT00000009")
    with CaptureQueriesContext(connection) as queries:
        text = " ".join(as_curator.get(reverse(TRIALS)).content.decode().split())
    assert "2+ trials" in text
    counted = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
    assert all("LIMIT 3" in sql for sql in counted)
    assert counted


def test_a_chinese_curator_reads_chinese_names(as_curator: Client) -> None:
    make_trial("NCT00000009", sources=(make_source("marrow", name="Marrow", name_zh="骨髓"),))

    page = as_curator.get(reverse(TRIALS), headers={"accept-language": "zh-CN"}).content.decode()

    assert '<td class="field-sources">骨髓</td>' in page
    assert "Marrow" not in page
