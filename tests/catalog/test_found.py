"""What a search looked for is marked in a title, and nothing in a title is ever HTML."""

import pytest

from catalog.templatetags.found import found


@pytest.mark.parametrize(
    ("title", "search", "shown"),
    [
        ("Knee pain", "knee", "<mark>Knee</mark> pain"),
        ("Knee <b>pain</b>", "pain", "Knee &lt;b&gt;<mark>pain</mark>&lt;/b&gt;"),
        ("Q&A of amps", "amp", "Q&amp;A of <mark>amp</mark>s"),
        ("Stem cells, a stem", '"stem cells"', "<mark>Stem cells</mark>, a stem"),
        ("脐带间充质干细胞", "臍帶", "<mark>脐带</mark>间充质干细胞"),
        ("NCT01000000 again", "nct 1000000", "NCT01000000 again"),
        ("Knee", "", "Knee"),
        ("Knee", '"?', "Knee"),
        ("Knee", "<b>", "Knee"),
    ],
)
def test_what_was_looked_for_is_marked(title: str, search: str, shown: str) -> None:
    assert found(title, search) == shown
