"""The small marks that templates share."""

import pytest

from catalog.templatetags.catalogue import bar, linked, links, tongue
from catalog.templatetags.names import glossed
from catalog.templatetags.passages import in_words, passage
from catalog.templatetags.registry_text import registry_text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "See https://example.org/a.",
            'See <a href="https://example.org/a" rel="nofollow">https://example.org/a</a>.',
        ),
        ("ClinicalTrials.gov lists both", "ClinicalTrials.gov lists both"),
        ("https://example.org/short...", "https://example.org/short..."),
        ("<b> & javascript:x", "&lt;b&gt; &amp; javascript:x"),
        ("", ""),
        (None, ""),
    ],
)
def test_whole_web_addresses_become_links_and_nothing_else(text: str | None, html: str) -> None:
    assert linked(text) == html


def test_sources_are_one_item_each() -> None:
    assert links("a page ; another") == "<li>a page</li><li>another</li>"


@pytest.mark.parametrize(("words", "language"), [("脐带 cells", "zh-Hans"), ("cells", "en")])
def test_quoted_words_name_their_language(words: str, language: str) -> None:
    assert tongue(words) == language


def test_a_bar_of_nothing_has_no_length() -> None:
    assert '<rect width="0" height="4"/>' in bar(3, 0)


def test_typing_habits_of_sponsors_are_no_headings_and_no_program_code() -> None:
    html = registry_text("Aim\n===\n\n    indented\n\n![x](http://example.org/x.png)")
    assert "<h1" not in html
    assert "<code" not in html
    assert "<img" not in html


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("interventions[0].description", "intervention 1, description"),
        ("interventions[1].name", "intervention 2, name"),
        ("interventions[0].otherNames[2]", "intervention 1, other name 3"),
        ("armGroups[1].label", "arm 2, label"),
        ("armGroups, Elixcyte 2 mL", "arms, Elixcyte 2 mL"),
        ("conditions[0]", "condition 1"),
        ("briefTitle", "title"),
        ("officialTitle", "official title"),
        ("briefSummary", "summary"),
        ("detailedDescription", "description"),
        ("paragraph 12", "paragraph 12"),
        ("list, row 3", "list, row 3"),
        ("news of August 2024", "news of August 2024"),
        ("interventions[0].colour", "interventions[0].colour"),
        ("", ""),
    ],
)
def test_a_path_of_the_record_is_said_in_words(place: str, words: str) -> None:
    assert in_words(place) == words


def test_words_for_a_path_keep_the_exact_one() -> None:
    assert passage("armGroups[1].label") == '<span title="armGroups[1].label">arm 2, label</span>'


@pytest.mark.parametrize(
    ("words", "html"),
    [
        ("Allogeneic (a donor's)", 'Allogeneic<span class="gloss"> (a donor&#x27;s)</span>'),
        ("Bone marrow", "Bone marrow"),
        ("Cells (two) of <b>", "Cells (two) of &lt;b&gt;"),
    ],
)
def test_an_explanation_in_brackets_is_marked(words: str, html: str) -> None:
    assert glossed(words) == html
