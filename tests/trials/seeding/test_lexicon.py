"""Words that editors added go into a file and come back from it, and nothing unreadable does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import THEN, make_curator, make_product, make_term
from tests.trials.seeding.conftest import FOLDER
from trials.lexicon import words_in_use
from trials.models import LexiconTerm
from trials.seeding import BrokenFixturesError, read_fixtures, seed
from trials.seeding.exporting import export_fixtures

pytestmark = pytest.mark.django_db
ROUTE = {"table": "routes", "section": "no-route"}


def written(folder: Path) -> str:
    """The file without the comment at its head."""
    text = (folder / "lexicon.toml").read_text("utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("#")).strip()


def terms() -> list[tuple[str, ...]]:
    return [*LexiconTerm.objects.values_list("table", "section", "value", "phrase", "note")]


def put(folder: Path, words: str) -> Path:
    (folder / "lexicon.toml").write_text(words, "utf-8")
    return folder


@pytest.mark.usefixtures("seeded")
def test_words_are_written_as_the_lexicon_has_its_own_and_come_back(copied: Path) -> None:
    make_term("golden drops", note="A brand “G”.", added_by=make_curator())
    make_term("=GD\\1")
    make_term("needle of gold", "no-route", **ROUTE)
    make_product("golden-drops", verification="verified")
    make_term("GoldenDrops", "golden-drops", table="products", section="said")
    gone = make_term("gone", withdrawn_at=THEN, withdrawn_by=make_curator())
    before, version = terms(), words_in_use().version

    assert export_fixtures(copied, out=copied)["lexicon.toml"] is True
    assert written(copied).split("\n\n") == [
        '[products.said]\ngolden-drops = ["GoldenDrops"]',
        '[routes.no-route]\nno-route = ["needle of gold"]',
        '[sources.named]\nadipose = ["=GD\\\\1", "golden drops"]',
        '[notes.sources]\n"golden drops" = "A brand “G”."',
    ]
    head = (FOLDER / "lexicon.toml").read_text("utf-8").strip()
    assert (copied / "lexicon.toml").read_text("utf-8").startswith(head)
    assert export_fixtures(copied, out=copied)["lexicon.toml"] is False

    LexiconTerm.objects.all().delete()
    assert seed(copied, now=THEN).kinds["lexicon terms"].created == 4
    assert terms() == [one for one in before if one[3] != gone.phrase]
    assert words_in_use().version == version
    assert not seed(copied, now=THEN).wrote


def test_a_word_that_somebody_withdrew_stays_so(copied: Path) -> None:
    put(copied, '[sources.named]\nadipose = ["golden drops", "silver drops"]')
    seed(copied, now=THEN)
    by = {"withdrawn_at": THEN, "withdrawn_by": make_curator()}
    LexiconTerm.objects.filter(phrase="golden drops").update(**by)
    make_term("bronze drops", **by)
    make_term("a person's")
    put(copied, '[sources.named]\nadipose = ["golden drops", "bronze drops"]')

    tally = seed(copied, now=THEN).kinds["lexicon terms"]

    assert (tally.created, tally.removed, tally.kept) == (0, 1, 2)
    assert [one.phrase for one in LexiconTerm.objects.active()] == ["a person's"]
    assert LexiconTerm.objects.count() == 3


@pytest.mark.usefixtures("seeded")
def test_a_word_that_was_moved_into_the_lists_is_not_written(tmp_path: Path) -> None:
    make_term("Lipoaspirates")
    assert export_fixtures(FOLDER, out=tmp_path)["lexicon.toml"] is False


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ('[donors.said]\nown = ["mine"]', "[donors.said] own: “donors” is not known here"),
        ('[sources.named]\nskin = "gold"', "[sources.named] skin: write a list of phrases"),
        ('[sources]\nskin = ["gold"]', "[sources.skin] , “gold”: the list has no such meaning"),
        ('sources = ["gold"]', "[sources.] , “gold”: the list has no such meaning"),
        ('[sources.named]\nskim = ["gold"]', "skim, “gold”: the list has no such meaning"),
        ('[sources.named]\nskin = ["*"]', "“*”: Write at least two letters"),
        ('[sources.named]\nskin = ["BMAC"]', "“BMAC”: The list has this phrase already"),
        ('[sources.named]\nskin = ["my own", "My-Own"]', "“My-Own”: The list has this phrase"),
        ('[sources.named]\nskin = ["gold", "shed"]', "“shed”: The example “shed in small letters"),
        ('[notes.sources]\ngold = "Seen."', "[notes.sources] “gold” is no phrase here"),
        ("notes = 3", "[notes.] “” is no phrase here"),
    ],
)
def test_what_cannot_be_added_is_named_with_its_place(copied: Path, words: str, fault: str) -> None:
    with pytest.raises(BrokenFixturesError) as raised:
        read_fixtures(put(copied, words))
    (told,) = raised.value.faults
    assert told.startswith("fixtures/lexicon.toml: ")
    assert fault in told
