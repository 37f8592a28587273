"""Names that may be of one organisation are told from those that are of two."""

from __future__ import annotations

import pytest

from trials.likeness import LEAST, alike, likest_pairs, plain
from trials.models.sponsor import normalise_name


def likeness(one: str, other: str) -> int:
    names = {"one": [normalise_name(one)], "other": [normalise_name(other)]}
    return likest_pairs(names, names.keys()).get(("one", "other"), 0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Medipost Co Ltd.", "Medipost"),
        ("MEDI-POST Co., Ltd", "Medipost Inc."),
        ("Kolon TissueGene, Inc.", "Kolon Tissue Gene"),
        ("Universitätsklinikum Köln", "Universitatsklinikum Koln"),
        ("University Hospital, Ghent", "University Hospital, Gent"),
        ("The University of Kansas", "Kansas University"),
        ("Mesoblast, Ltd.", "Mesoblast International Sàrl"),
        ("Cellular Biomedicine Group Ltd.", "Celullar Biomedicine Group, Ltd."),
        ("Novartis S.A.", "Novartis SA"),
        ("向荣生医科技股份有限公司", "向荣生医科技有限公司"),
    ],
)
def test_spellings_of_one_name_are_a_pair(one: str, other: str) -> None:
    assert likeness(one, other) >= LEAST


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("First Affiliated Hospital of Soochow", "Second Affiliated Hospital of Soochow"),
        ("PLA 302 Hospital", "PLA 307 Hospital"),
        ("North Hospital, Marseille", "South Hospital, Marseille"),
        ("Seoul National University Hospital", "Seoul National University Bundang Hospital"),
        ("University of Michigan", "University of Miami"),
        ("Medipost", "Pharmicell"),
    ],
)
def test_names_that_a_telling_word_sets_apart_are_no_pair(one: str, other: str) -> None:
    assert likeness(one, other) == 0


def test_the_same_letters_are_the_likest() -> None:
    assert (
        alike("medi post", "medipost") == 100 > alike("medipost korea", "medipots korea") >= LEAST
    )


def test_a_name_of_nothing_but_forms_stays() -> None:
    assert plain("co ltd") == "co ltd"


def test_only_pairs_with_a_new_name_are_looked_for() -> None:
    names = {1: ["medipost"], 2: ["medipost ltd"], 3: ["pharmicell"], 4: ["pharmicell inc"]}
    assert likest_pairs(names, [4]) == {(3, 4): 100}


def test_any_of_several_names_makes_the_pair_and_it_is_named_once_by_the_oldest() -> None:
    names = {1: ["pharmicell"], 2: ["fcb", "pharmicel", "pharmicell co"]}
    assert likest_pairs(names, [1, 2]) == {(1, 2): 100}
