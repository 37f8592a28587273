"""Two sponsors become one and two again: nothing is lost on the way, a refresh between included."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tests.builders import (
    make_alias,
    make_curator,
    make_product,
    make_sponsor,
    make_sponsorship,
    make_trial,
)
from trials.checking import check_catalogue
from trials.curation import find_pairs, foresee, merge, tell_apart, undo
from trials.models import (
    Decision,
    Product,
    Sponsor,
    SponsorAlias,
    SponsorPair,
    Trial,
    TrialSponsor,
)
from trials.search import Terms
from trials.vocabulary import AliasKind, SponsorRole

pytestmark = pytest.mark.django_db


def world() -> dict[str, list[Any]]:
    """All that a merging can move, by names."""
    sponsors = Sponsor.objects.order_by("slug")
    return {
        "sponsors": list(
            sponsors.values_list("slug", "name_zh", "sponsor_class", "merged_into__slug")
        ),
        "names": sorted(SponsorAlias.objects.values_list("sponsor__slug", "normalised", "kind")),
        "parts": sorted(TrialSponsor.objects.values_list("trial__number", "sponsor__slug", "role")),
        "products": sorted(Product.objects.values_list("slug", "sponsor__slug")),
    }


def two(**changes: Any) -> tuple[Sponsor, Sponsor]:
    """A sponsor under two names, both in use."""
    one = make_sponsor("medipost", name="Medipost Co Ltd.", name_zh="", sponsor_class="INDUSTRY")
    other = make_sponsor("medi-post", **{"name": "Medi-Post", "name_zh": "美迪博", **changes})
    make_alias(other, "MP Korea")
    make_trial("NCT00000001", sponsor=one)
    make_trial("NCT00000002", sponsor=other)
    make_product("cartistem", sponsor=other)
    make_trial("NCT00000003", sponsor=make_sponsor("beike"))
    for sponsor in (one, other):
        make_sponsorship(the_trial("NCT00000003"), sponsor, SponsorRole.COLLABORATOR)
    make_sponsorship(the_trial("NCT00000001"), other, SponsorRole.COLLABORATOR)
    return one, other


def the_trial(number: str) -> Trial:
    return Trial.objects.get(number=number)


def test_all_that_the_merged_one_has_moves() -> None:
    one, other = two()
    merge(other, into=one, by=make_curator(), note="One company.")
    assert world() == {
        "sponsors": [
            ("beike", "", "", None),
            ("medi-post", "美迪博", "", "medipost"),
            ("medipost", "美迪博", "INDUSTRY", None),
        ],
        "names": [
            ("beike", "beike", "registry"),
            ("medipost", "medi post", "registry"),
            ("medipost", "medipost co ltd", "registry"),
            ("medipost", "mp korea", "other"),
        ],
        "parts": [
            ("NCT00000001", "medipost", "lead"),
            ("NCT00000002", "medipost", "lead"),
            ("NCT00000003", "beike", "lead"),
            ("NCT00000003", "medipost", "collaborator"),
        ],
        "products": [("cartistem", "medipost")],
    }
    assert list(check_catalogue()) == []


def test_undoing_a_merging_brings_back_exactly_what_was_before() -> None:
    one, other = two(name_zh="")
    one.name_zh = "美迪博"
    one.save()
    before = world()
    decision = merge(other, into=one, by=make_curator(), note="One company.")
    assert world() != before
    undo(decision, by=make_curator("li"), note="Two companies.")
    assert world() == before


@pytest.mark.parametrize(("own", "theirs"), [("", "美迪博"), ("迈迪", "美迪博"), ("迈迪", "迈迪")])
def test_the_chinese_name_moves_and_comes_back(own: str, theirs: str) -> None:
    one, other = two(name_zh=theirs)
    Sponsor.objects.filter(pk=one.pk).update(name_zh=own)
    before = world()
    decision = merge(other, into=one, by=make_curator(), note="One.")
    kept = Sponsor.objects.get(slug="medipost")
    chinese = list(kept.aliases.filter(kind=AliasKind.CHINESE).values_list("name", flat=True))
    assert (kept.name_zh, chinese) == (own or theirs, [theirs] if own and own != theirs else [])
    undo(decision, by=make_curator(), note="Two.")
    assert world() == before


def test_the_preview_says_what_will_move() -> None:
    one, other = two()
    move = foresee(other, into=one)
    assert (move.led, move.joined, move.shared) == (1, 2, 2)
    assert [alias.name for alias in move.names] == ["MP Korea", "Medi-Post"]
    assert [product.slug for product in move.products] == ["cartistem"]
    assert (move.chinese, move.becomes_own) == ("美迪博", True)


def test_mergings_in_a_row_lead_to_the_last_and_are_undone_from_the_last() -> None:
    (one, other), third, wei = two(), make_sponsor("third"), make_curator()
    before = world()
    first = merge(other, into=one, by=wei, note="One.")
    second = merge(one, into=third, by=wei, note="Also.")
    assert [row[3] for row in world()["sponsors"]] == [None, "third", "third", None]
    with pytest.raises(ValidationError, match="A later decision stands"):
        undo(first, by=wei, note="Back.")
    undo(second, by=wei, note="Back.")
    undo(first, by=wei, note="Back.")
    assert world() == before


def test_a_sponsor_is_merged_once_and_not_into_itself() -> None:
    one, other = two()
    third, wei = make_sponsor("third"), make_curator()
    with pytest.raises(ValidationError, match="into itself"):
        merge(one, into=one, by=wei, note="One.")
    merge(other, into=one, by=wei, note="One.")
    for pair in ((other, third), (third, other)):
        with pytest.raises(ValidationError, match=r"merged into “Medipost Co Ltd[.]” already"):
            merge(pair[0], into=pair[1], by=wei, note="Too late.")
    assert Decision.objects.count() == 1


def test_every_old_name_and_slug_finds_the_one_that_is_left() -> None:
    one, other = two()
    decision = merge(other, into=one, by=make_curator(), note="One.")
    for said in ("medipost", "medi-post", "MP Korea", "Medi-Post"):
        assert {term.value for term in Terms().find_sponsors([said]).values()} == {"medipost"}
    undo(decision, by=make_curator(), note="Two.")
    assert Terms().find_sponsors(["MP Korea"])["MP Korea"].value == "medi-post"


@pytest.mark.parametrize("prefix", ["/sponsors/", "/api/v1/sponsors/"])
def test_the_old_address_leads_to_the_new_one(client: Client, prefix: str) -> None:
    one, other = two()
    merge(other, into=one, by=make_curator(), note="One.")
    response = client.get(f"{prefix}medi-post/")
    assert response.status_code == 301
    assert response["Location"].endswith(f"{prefix}medipost/")
    assert "no-cache" in response["Cache-Control"]  # it may be undone
    assert client.get(response["Location"]).status_code == 200


def test_lists_and_filters_know_the_one_alone(client: Client) -> None:
    one, other = two()
    merge(other, into=one, by=make_curator(), note="One.")
    listed = client.get("/api/v1/sponsors/").json()["results"]
    assert [row["slug"] for row in listed] == ["beike", "medipost"]
    found = client.get("/api/v1/trials/", {"sponsor": "medi-post"}).json()
    assert (found["count"], {row["sponsor"]["slug"] for row in found["results"]}) == (
        2,
        {"medipost"},
    )
    assert "sponsors/medi-post/" not in client.get("/sponsors/").content.decode()


def test_pairs_are_found_once_and_remembered_when_told_apart() -> None:
    two()
    wei = make_curator()
    assert (find_pairs(), find_pairs()) == (1, 0)
    pair = SponsorPair.objects.undecided().get()
    assert (pair.one.slug, pair.other.slug, pair.likeness) == ("medipost", "medi-post", 100)
    decision = tell_apart(pair, by=wei, note="Two companies.")
    assert decision is not None
    assert tell_apart(pair, by=wei, note="Again.") is None
    Sponsor.objects.update(compared=False)
    assert (find_pairs(), SponsorPair.objects.undecided().count()) == (0, 0)
    undo(decision, by=wei, note="One after all.")
    assert SponsorPair.objects.undecided().count() == 1


def test_a_new_sponsor_alone_is_compared_and_a_merged_one_is_no_candidate() -> None:
    one, other = two()
    find_pairs()
    merge(other, into=one, by=make_curator(), note="One.")
    assert SponsorPair.objects.undecided().count() == 0
    make_sponsor("medipost-korea", name="MP Korea Ltd")
    assert find_pairs() == 1
    assert SponsorPair.objects.undecided().get().one == one
