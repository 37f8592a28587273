"""What goes with the data in words: what they are, of when, and who may do what with them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from catalog.exports.tables import Table
from catalog.exports.whole import Whole

TITLE = _("Stem-cell trials for joints, cartilage and spine")
WHAT = _(
    "A catalogue of clinical trials that says which tissue the cells come from, whose cells they"
    " are, how they were prepared, how many are given and by which route, each with the words that"
    " it rests on."
)
# In this order on the page and in each file.
LICENCE = (
    _("The registry’s data (ClinicalTrials.gov) are in the public domain."),
    _("Words quoted from documents and papers belong to their authors."),
    _("What the catalogue adds may be used by everybody; name the catalogue and the files’ date."),
)
NO_CONTACTS = _(
    "No personal contact data are in it: for contacts, follow a trial’s link to the registry."
)
NO_ADVICE = _("This is information, not medical advice.")

Entry = tuple[str, str, str | None]


def readme(whole: Whole, tables: Mapping[Table, int]) -> list[Entry]:
    """Topic, words in English, and in Chinese where there are any; then the tables with counts."""
    topics = (
        ("title", (TITLE,)),
        ("what", (WHAT,)),
        ("licence", LICENCE),
        ("contacts", (NO_CONTACTS,)),
        ("caution", (NO_ADVICE,)),
    )
    said: list[Entry] = []
    for topic, sentences in topics:
        words = []
        for language, between in (("en", " "), ("zh-hans", "")):
            with override(language):
                words.append(between.join(map(str, sentences)))
        said.append((topic, words[0], words[1]))
    return [
        *said,
        ("made at", whole.made_at.isoformat(), None),
        ("registry data of", whole.data_date or "not known", None),
        ("address", whole.origin, None),
        *(
            (f"table {table.name}", f"{table.about} Rows: {count}.", None)
            for table, count in tables.items()
        ),
    ]
