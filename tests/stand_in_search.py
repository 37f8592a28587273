"""How the stand-in registry finds studies: enough of the real search for tests, and no more.

Words of a query are AND-ed, groups may be joined by OR, quotes keep words together. Everything is
looked for in the whole record; `query.id` in its numbers too, which is the same.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson

from tests.stand_in_fields import values_at
from trials.registry.enums import STATUS
from trials.registry.numbers import registry_number

Raw = dict[str, Any]
Filter = Callable[[str, Raw], bool]

AREAS = ("cond", "term", "locn", "titles", "intr", "outc", "spons", "lead", "id", "patient")
QUERIES = frozenset(f"query.{area}" for area in AREAS)
OF_ONE_STUDY = frozenset({"fields", "format", "markupFormat"})
SERVED = (
    QUERIES
    | OF_ONE_STUDY
    | {
        "countTotal",
        "filter.advanced",
        "filter.ids",
        "filter.overallStatus",
        "pageSize",
        "pageToken",
        "sort",
    }
)
NOT_SERVED = frozenset(
    {"aggFilters", "filter.geo", "filter.synonyms", "geoDecay"}
    | {f"postFilter.{name}" for name in ("advanced", "geo", "ids", "overallStatus", "synonyms")}
)
CHOICES = {"format": ("json",), "markupFormat": ("markdown", "legacy")}

_ONLY_NUMBERS = re.compile(r"(?:NCT\d+(?:\s|OR|,)*)+", re.IGNORECASE)
_UPDATED = re.compile(r"AREA\[LastUpdatePostDate\]RANGE\[([\d-]+|MIN), ?([\d-]+|MAX)\]")
_AREA = re.compile(r"AREA\[(\w+)\]")
_TERM = re.compile(r'"([^"]+)"|([^\s()"]+)')
_STATUS = "protocolSection.statusModule.overallStatus"
_UPDATE = "protocolSection.statusModule.lastUpdatePostDateStruct.date"


class BadRequest(Exception):
    """The registry would answer 400 with these words."""


def check_known(params: Mapping[str, str], served: frozenset[str] = SERVED) -> None:
    for name, value in params.items():
        if name in NOT_SERVED:
            raise BadRequest(f"The stand-in does not serve `{name}` yet")
        if name not in served:
            raise BadRequest(f"`{name}` is unknown parameter")
        if value not in CHOICES.get(name, (value,)):
            # Words observed for another parameter.
            raise BadRequest(f"Invalid value in parameter `{name}`: `{value}`")


def encode(value: object) -> bytes:
    """As JSON; what orjson refuses (a lone surrogate, a very large integer) by Python's json."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value).encode()


class Search:
    """Finds studies; knows the text of each, which is costly, for as long as it stays the same."""

    def __init__(self) -> None:
        self._texts: dict[str, tuple[bytes, str]] = {}

    def matching(
        self, studies: Mapping[str, Raw], params: Mapping[str, str], aliases: Mapping[str, str]
    ) -> list[Raw]:
        """The studies that answer these parameters, in the order in which they were added."""
        queries = [params[name] for name in sorted(QUERIES & params.keys())]
        filters = [make(params[name], aliases) for name, make in _FILTERS.items() if name in params]
        # As the real one does: a query of nothing but numbers makes it forget the filters.
        if any(_ONLY_NUMBERS.fullmatch(query.strip()) for query in queries):
            filters = []
        return [
            study
            for key, study in studies.items()
            if all(passes(key, study) for passes in filters)
            and (not queries or _answers(self._text(key, study), queries))
        ]

    def _text(self, key: str, study: Raw) -> str:
        encoded = encode(study)
        known, text = self._texts.get(key, (b"", ""))
        if encoded != known:
            text = encoded.decode().casefold()
            self._texts[key] = encoded, text
        return text


def _answers(text: str, queries: Iterable[str]) -> bool:
    return all(
        any(
            all((phrase or word).casefold() in text for phrase, word in _TERM.findall(group))
            for group in re.split(r"\bOR\b|(?<=\d),", query)
        )
        for query in queries
    )


def _by_ids(ids: str, aliases: Mapping[str, str]) -> Filter:
    wanted = set()
    for place, one in enumerate(re.split(r"[,|]", ids), start=1):
        number = registry_number(one)
        if number is None:
            raise BadRequest(f"Item {place} in parameter `filter.ids` has incorrect format")
        wanted |= {number, aliases.get(number, number)}
    return lambda key, study: key in wanted or not wanted.isdisjoint(aliases_of(study))


def _by_status(statuses: str, aliases: Mapping[str, str]) -> Filter:
    wanted = set(re.split(r"[,|]", statuses))
    for status in sorted(wanted - STATUS):
        raise BadRequest(f"Invalid value in parameter `overallStatus`: `{status}`")
    return lambda key, study: not wanted.isdisjoint(values_at(study, _STATUS))


def _by_update(expression: str, aliases: Mapping[str, str]) -> Filter:
    for area in _AREA.findall(expression):
        if area != "LastUpdatePostDate":
            problem = f"Unknown area name: '{area}'"
            raise BadRequest(f"Error parsing query in advanced filter: {problem}")
    match = _UPDATED.search(expression)
    if match is None:
        return lambda key, study: True
    first = "" if match[1] == "MIN" else match[1]
    last = "9999" if match[2] == "MAX" else match[2]
    return lambda key, study: any(first <= day <= last for day in values_at(study, _UPDATE))


def aliases_of(study: Raw) -> list[str]:
    """The older numbers of a study; called for every study, so without the walk of `values_at`."""
    try:
        return study["protocolSection"]["identificationModule"]["nctIdAliases"]
    except (KeyError, TypeError):
        return []


_FILTERS: dict[str, Callable[[str, Mapping[str, str]], Filter]] = {
    "filter.ids": _by_ids,
    "filter.overallStatus": _by_status,
    "filter.advanced": _by_update,
}
