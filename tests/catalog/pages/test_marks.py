"""The small marks that templates share."""

import pytest

from catalog.templatetags.catalogue import bar, linked, links, tongue
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
