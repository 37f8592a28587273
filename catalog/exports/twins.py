"""The list of trials in other forms, by any question: as CSV, JSON Lines and RIS.

Sent while it is read, all from one state of the database. How many trials there are is told before
the first of them: in X-Total-Count and in the file's name. Whoever wants it in the file as well
asks for `end_mark=yes`, and its last line says that nothing is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import orjson
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.api.caching import of_catalogue
from catalog.api.documents import documents
from catalog.api.errors import PROBLEM, problem
from catalog.api.strict import LANG, LARGEST_PAGE
from catalog.asking import Asked, answered
from catalog.citations import RIS_TYPE, citation, ris
from catalog.exports import rows
from catalog.exports.flow import from_one_state_to_the_end
from catalog.exports.links import links, twin_query
from catalog.exports.ready import ready_lines
from catalog.faults import Fault
from catalog.filters import TrialFilter
from catalog.methods import only_read
from catalog.parameters import OneOf
from catalog.reading import Reading, read
from catalog.refusing import in_words
from trials.models import Trial

CSV_TYPE = "text/csv; charset=utf-8; header=present"
NDJSON_TYPE = "application/x-ndjson"
LONGEST_NAME = 60  # letters of a file's name that tell what was asked

# JSON may have these signs as they are, in texts; but many a reader of lines ends one at them.
_LINE_ENDS = ("\x85", "\u2028", "\u2029")

Keys = Iterable[list[int]]


class EndMark(OneOf):
    """Whether a file says at its end that it is whole."""

    narrows = False


class Download(TrialFilter):
    """Every question about trials, and what a file may have besides. All trials without `page`."""

    lang = LANG
    end_mark = EndMark(
        gettext_lazy("End mark"),
        gettext_lazy("A last line that says how many trials there are, for CSV and JSON Lines."),
        choices={"yes": True, "no": False},
        example="yes",
    )


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the list. `written`: batches of keys to pieces; `end`: the mark of so many."""

    ending: str
    content_type: str
    written: Callable[[Keys, str], Iterator[bytes]]
    end: Callable[[int], bytes] | None = None


def as_csv(keys: Keys, origin: str) -> Iterator[bytes]:
    """The names of the columns, then a row a trial."""
    yield rows.BEGINNING.encode() + rows.lines([rows.header()])
    yield from ready_lines(keys, origin)


def as_ndjson(keys: Keys, origin: str) -> Iterator[bytes]:
    """The API's own objects, one a line."""
    for some in keys:
        lines = b"".join(each + b"\n" for each in documents(some, origin))
        for sign in _LINE_ENDS:
            lines = lines.replace(sign.encode(), f"\\u{ord(sign):04x}".encode())
        yield lines


def as_ris(keys: Keys, origin: str) -> Iterator[bytes]:
    """A reference a trial."""
    for some in keys:
        yield b"".join(_references(some))


def _references(keys: list[int]) -> Iterator[bytes]:
    trials = Trial.objects.filter(pk__in=keys).order_by().for_citation()
    by_key = {trial.pk: trial for trial in trials}
    for key in keys:
        if key in by_key:
            yield f"{ris(citation(by_key[key]))}\r\n".encode("utf-8", "replace")


CSV = Form("csv", CSV_TYPE, as_csv, lambda count: rows.lines([[f"# end: {count} trials"]]))
NDJSON = Form(
    "ndjson",
    NDJSON_TYPE,
    as_ndjson,
    lambda count: orjson.dumps({"end": True, "count": count}) + b"\n",
)
RIS = Form("ris", f"{RIS_TYPE}; charset=utf-8", as_ris)


@only_read
@from_one_state_to_the_end
def twin(request: HttpRequest, form: Form) -> HttpResponseBase:
    """The trials of the question, all or of one page; none where anything is wrong with it."""
    reading = read(Download, request.GET, max_page_size=LARGEST_PAGE)
    if faults := (*reading.faults, *_no_mark(reading, form)):
        return refusal(form, 400, faults)
    kept = of_catalogue(request)
    if kept.hold(request):
        return kept.unchanged()
    asked = answered(reading)
    total, part = len(asked.trials), _part(reading)
    count = len(range(total)[part])
    if part.start and not count:
        return refusal(form, 404, [_beyond(reading, total)])
    origin = request.build_absolute_uri("/").removesuffix("/")
    # Nobody may send what follows a HEAD, and servers ask for it nevertheless.
    pieces = () if request.method == "HEAD" else _pieces(asked, form, part, count, origin)
    response = StreamingHttpResponse(
        pieces, content_type=form.content_type, headers=_headers(asked, form, total, count)
    )
    kept.mark(response)
    return response


def _pieces(asked: Asked, form: Form, part: slice, count: int, origin: str) -> Iterator[bytes]:
    yield from form.written(asked.trials.batches(part.start, part.stop), origin)
    if form.end and asked.values.get("end_mark"):
        yield form.end(count)


def _no_mark(reading: Reading, form: Form) -> Iterator[Fault]:
    if form.end is None and "end_mark" in reading.values:
        detail = _("This form has no place for an end mark: each record has an end of its own.")
        yield Fault("end_mark", str(reading.params["end_mark"]), detail)


def _part(reading: Reading) -> slice:
    """All of the list, where neither a page nor its size is asked for."""
    if not {"page", "page_size"} & set(reading.values):
        return slice(0, None)
    first = (reading.page - 1) * reading.page_size
    return slice(first, first + reading.page_size)


def _beyond(reading: Reading, total: int) -> Fault:
    last = max(1, -(-total // reading.page_size))
    detail = _("There is no page %(page)d: the last one is page %(last)d.")
    return Fault(
        "page", str(reading.page), detail % {"page": reading.page, "last": last}, str(last)
    )


def _headers(asked: Asked, form: Form, total: int, count: int) -> dict[str, str]:
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name(asked, form, count)}"',
        "X-Total-Count": str(total),
    }
    if alternates := links(twin_query(asked), without=form.ending):
        headers["Link"] = alternates
    return headers


def file_name(asked: Asked, form: Form, count: int) -> str:
    """What was asked, the day and the number: stem-cell-trials-adipose-cn-2026-03-15-52.csv."""
    given = (value for name, values in asked.params.lists() for value in values if name != "lang")
    words = "-".join(filter(None, map(slugify, given)))[:LONGEST_NAME].strip("-")
    parts = ("stem-cell-trials", words, timezone.localdate().isoformat(), str(count))
    return f"{'-'.join(filter(None, parts))}.{form.ending}"


def refusal(form: Form, status: int, faults: Iterable[Fault]) -> HttpResponse:
    """What is wrong, never other trials: as the API's problem for who reads JSON, else in words."""
    faults = tuple(faults)
    if form is not NDJSON:
        return in_words(faults, status)
    body = problem(status, " ".join(fault.detail for fault in faults), faults)
    return HttpResponse(orjson.dumps(body), status=status, content_type=PROBLEM)
