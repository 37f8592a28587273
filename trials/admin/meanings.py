"""What a phrase of the lexicon can mean, as an editor chooses it: list, section and value."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trials.extraction.adding import meanings as meanings_of
from trials.models import CellSource, Indication, LexiconTerm, Product
from trials.search.vocabularies import in_language
from trials.vocabulary import LexiconTable, Route

# What a section's words say, as the heads of the files have it.
SECTIONS: dict[tuple[str, str], str | Promise] = {
    ("sources", "named"): _("said of cells: enough by itself"),
    ("sources", "weak"): _("has other meanings too: read where nothing else is said"),
    ("sources", "tissue"): _("said of tissue: a source where cells are spoken of beside it"),
    ("indications", "said"): _("said plainly"),
    ("indications", "weak"): _("less exact: read where nothing else is said"),
    ("indications", "not-meant"): _("about something else: not read"),
    ("products", "said"): _("the product by name"),
    ("routes", "said"): _("the way by name"),
    ("routes", "vague"): _("less exact: read where no other way is told"),
    ("routes", "place"): _("where an injection goes, after “into” or “in”"),
    ("routes", "no-route"): _("no way: not read"),
}

Group = tuple[str, list[tuple[str, str]]]


def meanings(table: str = "") -> Iterator[Group]:
    """The choices of this list, or of every one, by section."""
    for one in LexiconTable:
        if table in ("", one):
            yield from _of(one)


def _of(table: LexiconTable) -> Iterator[Group]:
    names = _names(table)
    beyond = () if table == LexiconTable.ROUTES else names
    groups: dict[str, list[tuple[str, str]]] = {}
    for section, value in meanings_of(table, beyond):
        choice = f"{table}/{section}/{value}", names.get(value, value)
        groups.setdefault(section, []).append(choice)
    for section, choices in groups.items():
        yield f"{table.label} – {SECTIONS[table, section]}", choices


def _names(table: LexiconTable) -> dict[str, str]:
    """What the vocabularies call the values, in the language of the reader."""
    if table == LexiconTable.ROUTES:
        return {route.value: str(route.label) for route in Route}
    if table == LexiconTable.PRODUCTS:
        return dict(Product.objects.order_by("name").values_list("slug", "name"))
    model = CellSource if table == LexiconTable.SOURCES else Indication
    rows = model.objects.values_list("slug", "name", "name_zh")
    return {slug: in_language(name, name_zh) for slug, name, name_zh in rows}


def parts_of(choice: str) -> tuple[str, str, str]:
    """Table, section and value of a choice."""
    table, section, value = choice.split("/")
    return table, section, value


def in_words(term: LexiconTerm) -> str:
    """The term's meaning as its files have it, with the list before it."""
    return f"{term.get_table_display()}: {term.value} ({term.section})"
