"""Every page answers, in both languages, and costs the same number of queries for many rows."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.builders import (
    make_approval,
    make_change,
    make_citation,
    make_claim,
    make_document,
    make_harvested,
    make_left_out,
    make_product,
    make_publication,
    make_sponsor,
    make_sponsorship,
    make_trial,
)
from tests.queries import price
from trials.models import Claim, Document, HarvestQuery, Publication

pytestmark = pytest.mark.django_db

# The literal is the price of the page, with 1 row and with 30; one query is the footer's.
QUERIES = {
    "/": 14,
    "/trials/": 8,
    "/trials/?country=CN&phase=PHASE2": 8,
    "/trials/?view=table": 8,
    "/landscape/": 2,
    "/landscape/?rows=sponsor&columns=start_year&country=CN": 3,
    "/landscape/?q=trial&all=yes": 3,
    "/trials/NCT01000000/": 28,
    "/trials/NCT01000000/report/": 2,
    "/trials/NCT01000000/report/?fact=donor_type": 3,
    "/sponsors/": 5,
    "/sponsors/?q=charite&ordering=name": 5,
    "/sponsors/charite/": 13,
    "/about/data/": 1,
    "/cell-sources/": 4,
    "/cell-sources/adipose/": 10,
    "/indications/": 4,
    "/indications/knee-osteoarthritis/": 10,
    "/countries/": 4,
    "/countries/CN/": 9,
    "/products/": 5,
    "/products/elixcyte/": 16,
    "/publications/": 3,
    "/publications/lu-2020/": 10,
    "/documents/": 2,
    "/documents/list/": 11,
    "/documents/list/?verdict=unverified": 11,
    "/about/": 2,
    "/about/coverage/": 10,
    "/about/coverage/?reason=no-cells&q=study": 10,
    "/about/method/": 2,
    "/compare/": 2,
    "/compare/?trial=NCT01000000": 19,
    "/changes/": 4,
    "/changes/?kind=all": 4,
    "/trials/NCT01000000/changes/": 5,
}
CHANGES = (
    ("status", "RECRUITING", "COMPLETED"),
    ("eligibility_criteria", "pain \\> 3", "pain \\> 4"),
    ("conditions", ["Knee"], ["Hip"]),
    ("detailed_description", "long " * 30_000, "short"),
)


def fill(rows: int) -> None:
    """A catalogue in which every list of every page has this many rows."""
    for n in range(rows):
        document = make_document("list" if n == 0 else f"list-{n}", published="2024-08")
        product = make_product("elixcyte" if n == 0 else f"product-{n}", sponsor=make_sponsor("x"))
        make_approval(product, country_id=None)
        trial = make_trial(
            f"NCT{1_000_000 + n:08d}",
            sponsor="charite" if n % 2 == 0 else f"sponsor-of-{n}",
            countries=("CN", "TW"),
            phases=("PHASE1", "PHASE2"),
            sources=("adipose", f"source-{n}"),
            indications=("knee-osteoarthritis", f"indication-{n}"),
            products=("elixcyte", product),
            donors=("allogeneic",),
            routes=("intra-articular",),
            documents=("list", document),
            aliases=(f"NCT{2_000_000 + n:08d}",),
            start_date="2016-03",
        )
        make_sponsorship(trial, "partner", role="collaborator")
        make_publication("lu-2020" if n == 0 else f"paper-{n}", trial)
        for field, old, new in CHANGES:
            make_change(trial, field, old=old, new=new)
        make_change(trial, "last_updated", kind="cosmetic")
        query = HarvestQuery.objects.create(name=f"query-{n}", term="cells")
        make_harvested(query, trial.number, make_left_out().registry_id)
    link_everything()


def link_everything() -> None:
    """Claims and citations that lead from every document to the first trial, paper and product.

    Two papers a claim: a claim that costs queries by the paper shows it with two as with thirty.
    """
    documents, papers = list(Document.objects.all()), list(Publication.objects.order_by("pk"))
    trial, product = papers[0].trials.get(), make_product("elixcyte")
    for document in documents:
        for target in (document, documents[0]):
            claim = make_claim(target)
            claim.trials.add(trial)
            claim.products.add(product)
            claim.publications.add(*papers[:2])
            claim.contradicts.add(*Claim.objects.exclude(pk=claim.pk)[:3])
    for paper in papers:
        make_citation(documents[0], paper)


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.django_db(transaction=True)
def test_a_page_costs_the_same_queries_for_1_and_for_30_rows(client: Client, rows: int) -> None:
    fill(rows)
    assert {address: price(client, address) for address in QUERIES} == QUERIES


def test_no_blank_stands_between_two_chinese_sentences(client: Client) -> None:
    fill(2)
    blanks = {}
    for address in (*QUERIES, "/trials/?contry=CN"):
        response = client.get(address, headers={"accept-language": "zh-hans"})
        words = re.sub(r"</?(a|strong|span|time)\b[^>]*>", "", response.content.decode())
        blanks[address] = re.findall(r".{,20}[。！？]\s+[\u4e00-\u9fff“].{,20}", words)
    assert {address: found for address, found in blanks.items() if found} == {}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_is_whole_in_both_languages(client: Client, language: str) -> None:
    fill(2)
    tag = {"en": "en", "zh-hans": "zh-Hans"}[language]
    for address in QUERIES:
        response = client.get(address, {"lang": language})
        text = response.content.decode()
        assert (address, response.status_code) == (address, 200)
        assert f'<html lang="{tag}">' in text
        assert (address, len(re.findall("<h1[ >]", text))) == (address, 1)
        assert "{{" not in text
        assert "{%" not in text


def test_no_page_has_a_script_of_its_own_a_style_or_a_file_of_another_host(
    client: Client,
) -> None:
    """Data for search engines stands in a script element, but is none: no browser runs it."""
    fill(1)
    for address in QUERIES:
        text = client.get(address).content.decode()
        scripts = re.findall(
            r"<script(?! type=\"application/ld\+json\">)([^>]*)>(.*?)</script>", text, re.DOTALL
        )
        assert [words for _attributes, words in scripts if words.strip()] == []
        assert all('src="/static/' in attributes for attributes, _words in scripts)
        assert "style=" not in text
        assert re.findall(r'(?:src|href)="(https?://[^"]+\.(?:css|js|png|svg|woff2?))"', text) == []


@pytest.mark.parametrize(
    "address", ["/", "/trials/", "/landscape/", "/sponsors/", "/documents/", "/countries/"]
)
def test_an_empty_catalogue_has_pages_too(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/nope/", "/sponsors/nobody/", "/products/none/", "/documents/none/", "/countries/QQ/"],
)
def test_what_is_not_there_is_said_with_ways_on(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert 'href="/trials/"' in response.content.decode()


@pytest.mark.parametrize("template", ["400.html", "403.html", "500.html"])
def test_an_error_page_needs_no_request_and_no_database(
    template: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        text = render_to_string(template)
    assert template[:3] in text
    assert "catalog/catalog.css" in text


def test_a_page_beyond_the_last_is_not_there(client: Client) -> None:
    make_trial()
    response = client.get("/trials/", {"page": "7"})
    assert response.status_code == 404
    assert "the last one is page 1" in response.content.decode()


def test_a_country_in_small_letters_leads_to_its_one_address(client: Client) -> None:
    make_trial(countries=("TW",))
    response = client.get("/countries/tw/")
    assert (response.status_code, response["Location"]) == (301, "/countries/TW/")


def test_canonical_and_alternate_addresses_keep_the_question(client: Client) -> None:
    make_trial()
    text = client.get("/trials/", {"status": "RECRUITING", "lang": "en"}).content.decode()
    assert 'hreflang="zh-Hans" href="http' in text
    assert "/trials/?status=RECRUITING&amp;lang=zh-hans" in text


def test_a_document_can_be_narrowed_to_the_claims_of_a_verdict(client: Client) -> None:
    document = make_document("list")
    make_claim(document, gist="Nine in ten improved", verdict="misread")
    make_claim(document, gist="It is safe", verdict="confirmed")
    text = client.get("/documents/list/", {"verdict": "misread"}).content.decode()
    assert re.findall(r'class="claim__gist"><span lang="en">([^<]+)<', text) == [
        "Nine in ten improved"
    ]


def test_a_verdict_that_does_not_exist_is_said_and_not_obeyed(client: Client) -> None:
    make_claim(make_document("list"), gist="It is safe")
    response = client.get("/documents/list/", {"verdict": "misred"})
    text = response.content.decode()
    assert response.status_code == 400
    assert "Did you mean “misread”?" in text
    assert "It is safe" in text


def test_a_sponsor_without_another_name_has_no_row_for_them(client: Client) -> None:
    make_sponsor("beike", name="Beike", name_zh="北科", aliases=("北科",))
    assert "Also called" not in client.get("/sponsors/beike/").content.decode()


def test_a_sponsors_other_names_are_listed(client: Client) -> None:
    make_sponsor("beike", name="Beike", aliases=("Beike Biotech",))
    text = client.get("/sponsors/beike/").content.decode()
    assert re.findall(r'<li><span lang="en">([^<]+)</span>', text) == ["Beike Biotech"]


@pytest.mark.parametrize(
    "address",
    [
        "/trials/%00/",
        "/trials/%00.ris",
        "/trials/%00.bib",
        "/trials/N%00/changes/",
        "/countries/%00/",
    ],
)
def test_a_letter_that_no_database_takes_is_not_asked_for(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert b"\0" not in response.content


def test_browsers_that_ask_for_an_icon_are_led_to_it(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (301, "/static/catalog/favicon.svg")
