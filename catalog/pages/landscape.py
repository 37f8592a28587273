"""The landscape: trials of any question counted by two of their traits at once, and in charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.exports.links import LONGEST_QUERY, TWINS, twin_query
from catalog.exports.rows import BEGINNING
from catalog.exports.rows import lines as csv_lines
from catalog.exports.twins import CSV_TYPE
from catalog.faults import Fault, unknown_value
from catalog.filters import Asked, TrialFilter, ask
from catalog.methods import only_read
from catalog.pages.crossed import Crossed, as_lines, charts, crossed
from catalog.pages.listing import OWN_PARAMETERS
from catalog.pages.trials import culprit, ways_out
from catalog.parameters import OneOf
from catalog.reading import ParameterSet, read
from catalog.refusing import in_words
from trials.search.cross import DIMENSIONS
from trials.search.facets import YES_NO

ROWS, COLUMNS, WHOLE = "rows", "columns", "all"
LAYOUT = (ROWS, COLUMNS, WHOLE)
DEFAULTS = ("cell_source", "indication")
# What is asked for most often; the first is what a reader gets who asks for nothing.
PRESETS = (
    DEFAULTS,
    ("cell_source", "phase"),
    ("cell_source", "start_year"),
    ("donor_type", "preparation"),
    ("country", "cell_source"),
    ("sponsor", "phase"),
)

_WORDS: Mapping[str, str | Promise] = {
    **{name: one.words for name, one in TrialFilter.parameters().items() if name in DIMENSIONS},
    "start_year": gettext_lazy("Year of start"),
}
WORDS = {name: _WORDS[name] for name in DIMENSIONS}


class Trait(OneOf):
    """What rows or columns can be, by the parameter that asks for it; its name is nearly right."""

    def understand(self, value: str) -> str:
        if value not in WORDS:
            names = {name: str(words) for name, words in WORDS.items()}
            raise unknown_value(self.name, value, names)
        return value


class Layout(ParameterSet):
    """How the table is laid out; it asks nothing about trials."""

    rows = Trait(
        gettext_lazy("Rows"),
        gettext_lazy("What the rows of the table are."),
        choices=WORDS,
        example=DEFAULTS[0],
    )
    columns = Trait(
        gettext_lazy("Columns"),
        gettext_lazy("What the columns of the table are."),
        choices=WORDS,
        example=DEFAULTS[1],
    )
    all = OneOf(
        gettext_lazy("All values"),
        gettext_lazy("Whether every value has a row and a column of its own."),
        choices=YES_NO,
        example="yes",
    )


@dataclass(frozen=True)
class Laid:
    """A layout as it was understood, and what is wrong with the rest of it.

    `query`: the part of an address that asks for it; empty for the usual one.
    """

    rows: str
    columns: str
    whole: bool
    faults: tuple[Fault, ...] = ()

    @property
    def query(self) -> str:
        pair = self.rows, self.columns
        named = [] if pair == DEFAULTS else [*zip((ROWS, COLUMNS), pair, strict=True)]
        return urlencode([*named, (WHOLE, "yes")] if self.whole else named)

    @property
    def name(self) -> str:
        return _("%(rows)s × %(columns)s") % {
            "rows": WORDS[self.rows],
            "columns": WORDS[self.columns],
        }


@only_read
def landscape(request: HttpRequest) -> HttpResponse:
    """Trials of any question, crossed; what is not understood is said so, with status 400."""
    asked, laid = read_both(request.GET)
    faults = (*asked.faults, *laid.faults)
    count = asked.trials.count()
    ways = [] if count else ways_out(asked)
    question = asked.query_with({})
    context = {
        "asked": asked,
        "faults": faults,
        "count": count,
        "laid": laid,
        "choices": WORDS.items(),
        "question": question,
        "kept": parse_qsl(question),
        "presets": presets(question, laid),
        "swapped": at(question, Laid(laid.columns, laid.rows, laid.whole)),
        "other_size": at(question, replace(laid, whole=not laid.whole)) if has_room(asked) else "",
        "as_csv": at(question, laid, "landscape-csv"),
        "ways_out": [(chip, left, at(chip.query, laid)) for chip, left in ways],
        "culprit": culprit(ways),
        "twins": [(form, form.linked(twin_query(asked))) for form in TWINS],
        "table": table_of(asked, laid) if count else None,
        "numbers": charts(asked) if count else None,
    }
    status = 400 if faults else 200
    return render(request, "catalog/landscape.html", context, status=status)


@only_read
def as_csv(request: HttpRequest) -> HttpResponse:
    """The table alone; none where anything is wrong with what is asked."""
    asked, laid = read_both(request.GET)
    if faults := (*asked.faults, *laid.faults):
        return in_words(faults)
    lines = as_lines(table_of(asked, laid), laid.name, asked.trials.count())
    name = f"stem-cell-trials-{laid.rows}-{laid.columns}-{timezone.localdate().isoformat()}.csv"
    return HttpResponse(
        BEGINNING.encode() + csv_lines(lines),
        content_type=CSV_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name.replace("_", "-")}"'},
    )


def table_of(asked: Asked, laid: Laid) -> Crossed:
    return crossed(asked, laid.rows, laid.columns, WORDS, whole=laid.whole)


def read_both(params: QueryDict) -> tuple[Asked, Laid]:
    """The question, and how its table is laid out; the faults of each are its own."""
    question = params.copy()
    for name in LAYOUT:
        question.pop(name, None)
    asked, laid = ask(question, extra=OWN_PARAMETERS.union(LAYOUT)), read_layout(params)
    return asked, laid if has_room(asked) else without_all(laid)


def has_room(asked: Asked) -> bool:
    """Whether a page may have every value: each of its numbers repeats the whole question."""
    return len(asked.query_with({})) <= LONGEST_QUERY


def without_all(laid: Laid) -> Laid:
    if not laid.whole:
        return laid
    detail = _(
        "So long a question cannot be asked with every value: take some filters away, or “all”."
    )
    return replace(laid, whole=False, faults=(*laid.faults, Fault(WHOLE, "yes", detail)))


def read_layout(params: QueryDict) -> Laid:
    """Never raises: what is missing or not understood is as usual."""
    given = QueryDict(mutable=True)
    for name in LAYOUT:
        given.setlist(name, params.getlist(name))
    reading = read(Layout, given)
    rows, columns = reading.params.get(ROWS), reading.params.get(COLUMNS)
    faults = reading.faults
    if rows and rows == columns:
        detail = _("Rows and columns cannot both be “%(name)s”.") % {"name": WORDS[rows]}
        faults = (*faults, Fault(COLUMNS, rows, detail))
        columns = None
    rows = rows or next(name for name in DEFAULTS if name != columns)
    columns = columns or next(name for name in reversed(DEFAULTS) if name != rows)
    return Laid(rows, columns, reading.values.get(WHOLE, False), faults)


def at(question: str, laid: Laid, view: str = "landscape") -> str:
    """The address of a question, as a query string has it, in this layout."""
    queries = "&".join(filter(None, (question, laid.query)))
    return f"{reverse(view)}?{queries}" if queries else reverse(view)


def presets(question: str, laid: Laid) -> list[tuple[Laid, str, bool]]:
    """What is asked for most often: each with its address, and whether it is the one at hand."""
    usual = [Laid(*pair, whole=False) for pair in PRESETS]
    here = laid.rows, laid.columns
    return [(one, at(question, one), (one.rows, one.columns) == here) for one in usual]
