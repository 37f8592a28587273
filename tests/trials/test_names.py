"""A person decides the names of a sponsor; each decision is undone to the name that was."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from tests.builders import make_alias, make_curator, make_sponsor
from tests.writers import ending_soon
from trials.admin.naming import SponsorForm
from trials.curation import decide_names, merge, names_of, undo, version_of_names
from trials.models import Decision, Sponsor
from trials.vocabulary import AliasKind

pytestmark = pytest.mark.django_db
NAMES = ["Medipost", "MP", "美迪博"]


def named(sponsor: Sponsor) -> tuple[str, list[tuple[str, str]]]:
    sponsor.refresh_from_db()
    return sponsor.name_zh, sorted(sponsor.aliases.values_list("name", "kind"))


def test_names_are_decided_with_author_and_what_they_replace() -> None:
    sponsor = make_sponsor("medipost", name="Medipost")
    make_alias(sponsor, "Old", AliasKind.FORMER)
    before = names_of(sponsor)
    assert decide_names(sponsor, name_zh="迈迪", names=NAMES, by=make_curator("wei"), note="Site.")
    assert named(sponsor) == (
        "迈迪",
        [("MP", "other"), ("Medipost", "registry"), ("美迪博", "chinese")],
    )
    decision = Decision.objects.get()
    assert (decision.by.username, decision.before, decision.after) == (
        "wei",
        before,
        names_of(sponsor),
    )


def test_undoing_brings_back_the_names_with_their_kinds() -> None:
    sponsor = make_sponsor("medipost", name="Medipost", name_zh="旧")
    make_alias(sponsor, "Old", AliasKind.FORMER)
    before = named(sponsor)
    decide_names(sponsor, name_zh="迈迪", names=NAMES, by=make_curator(), note="Site.")
    undo(Decision.objects.get(), by=make_curator(), note="Wrong site.")
    assert named(sponsor) == before


def test_the_same_names_are_no_decision() -> None:
    sponsor = make_sponsor("medipost", name="Medipost")
    same = {"name_zh": " ", "names": ["medipost", "Medipost"]}
    assert not decide_names(sponsor, **same, by=make_curator(), note="Same.")  # type: ignore[arg-type]
    assert Decision.objects.count() == 0


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["MP"], "the sponsor's own name"),
        (["Medipost", "BEIKE."], "“Beike” leads to “Beike”: if they are one, merge them"),
        (["Medipost", " "], "1 to 300 letters"),
        (["Medipost", "x" * 301], "1 to 300 letters"),
    ],
)
def test_names_that_would_lead_astray_are_refused(names: list[str], words: str) -> None:
    sponsor = make_sponsor("medipost", name="Medipost")
    make_sponsor("beike", name="Beike")
    with pytest.raises(ValidationError, match=words):
        decide_names(sponsor, name_zh="", names=names, by=make_curator(), note="Site.")
    assert named(sponsor) == ("", [("Medipost", "registry")])


def test_a_name_that_another_took_meanwhile_is_not_taken_back() -> None:
    sponsor, wei = make_sponsor("medipost", name="Medipost", aliases=("MP",)), make_curator()
    decide_names(sponsor, name_zh="", names=["Medipost"], by=wei, note="MP is another.")
    make_sponsor("mp", name="MP")
    with pytest.raises(ValidationError, match="leads to “MP”"):
        undo(Decision.objects.get(), by=wei, note="Back.")


def test_names_are_not_undone_past_a_merging_nor_a_merging_past_names() -> None:
    sponsor, wei = make_sponsor("medipost", name="Medipost"), make_curator()
    decide_names(sponsor, name_zh="迈迪", names=["Medipost"], by=wei, note="Site.")
    first = Decision.objects.get()
    second = merge(make_sponsor("mp", name="MP"), into=sponsor, by=wei, note="One.")
    decide_names(sponsor, name_zh="", names=["Medipost", "MP"], by=wei, note="No.")
    for decision in (first, second):
        with pytest.raises(ValidationError, match="A later decision stands"):
            undo(decision, by=wei, note="Back.")


def test_the_version_changes_with_the_names_and_comes_back_with_them() -> None:
    sponsor, wei = make_sponsor("medipost", name="Medipost"), make_curator()
    versions = [version_of_names(sponsor)]
    decide_names(sponsor, name_zh="迈迪", names=["Medipost"], by=wei, note="Site.")
    sponsor.refresh_from_db()
    versions.append(version_of_names(sponsor))
    undo(Decision.objects.get(), by=wei, note="Back.")
    sponsor.refresh_from_db()
    assert versions[0] != versions[1]
    assert versions[0] == version_of_names(sponsor)


@pytest.mark.django_db(transaction=True)
def test_names_that_are_just_being_decided_are_not_replaced_unseen() -> None:
    sponsor = make_sponsor("medipost", name="Medipost")
    sent = {"seen": version_of_names(sponsor), "names": "Medipost\nMP", "decision_note": "Site."}

    def write() -> None:
        decide_names(sponsor, name_zh="迈迪", names=NAMES, by=make_curator("li"), note="Site.")

    with ending_soon(write), transaction.atomic():  # as the admin's page does
        form = SponsorForm(sent, instance=Sponsor.objects.get())
        if form.is_valid():
            form.record(by=make_curator("wei"))
    assert "The names changed after you opened this page" in str(form.errors)
    assert named(sponsor)[0] == "迈迪"
