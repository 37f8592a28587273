"""What a search looked for is marked in a title, and nothing in a title is ever HTML."""

import pytest

from catalog.templatetags.found import found
from trials.search.names import Names
from trials.search.vocabularies import Vocabularies
from trials.search.words import looked_for, read_words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("title", "search", "shown"),
    [
        ("Knee pain", "knee", "<mark>Knee</mark> pain"),
        ("Pain of both knees", "knee", "Pain of both <mark>knees</mark>"),
        ("Knee <b>pain</b>", "pain", "Knee &lt;b&gt;<mark>pain</mark>&lt;/b&gt;"),
        ("Q&A of amps", "amp", "Q&amp;A of <mark>amps</mark>"),
        ("Stem cells, a stem", '"stem cells"', "<mark>Stem cells</mark>, a stem"),
        ("WJ-MSC and MSCs", "wjmsc", "<mark>WJ-MSC</mark> and MSCs"),
        ("脐带间充质干细胞", "臍帶", "<mark>脐带</mark>间充质干细胞"),
        ("膝骨关节炎", "膝", "<mark>膝</mark>骨关节炎"),
        ("Cartilage of the knee", "软骨", "<mark>Cartilage</mark> of the knee"),
        ("NCT01000000 again", "nct 1000000", "NCT01000000 again"),
        ("Knee", "", "Knee"),
        ("Knee", '"?', "Knee"),
        ("Knee", "<b>", "Knee"),
    ],
)
def test_what_was_looked_for_is_marked(title: str, search: str, shown: str) -> None:
    assert found(title, looked_for(read_words(search), Names(Vocabularies()))) == shown
