"""How the stand-in registry finds studies: enough of the real search for tests, and no more.

Words of a query are AND-ed, groups may be joined by OR, quotes keep words together. Everything is
looked for in the whole record; `query.id` in its numbers too, which is the same.
"""

import json
import re
from typing import Any

from trials.registry.enums import STATUS
from trials.registry.numbers import registry_number

Raw = dict[str, Any]

AREAS = ("cond", "term", "locn", "titles", "intr", "outc", "spons", "lead", "id", "patient")
QUERIES = frozenset(f"query.{area}" for area in AREAS)
SERVED = QUERIES | {
    "countTotal",
    "filter.advanced",
    "filter.ids",
    "filter.overallStatus",
    "format",
    "pageSize",
    "pageToken",
}
NOT_SERVED = frozenset({"fields", "sort", "filter.geo", "filter.synonyms", "markupFormat"})

_ONLY_NUMBERS = re.compile(r"(?:NCT\d+(?:\s|OR|,)*)+", re.IGNORECASE)
_UPDATED = re.compile(r"AREA\[LastUpdatePostDate\]RANGE\[([\d-]+|MIN), ?([\d-]+|MAX)\]")
_AREA = re.compile(r"AREA\[(\w+)\]")
_TERM = re.compile(r'"([^"]+)"|([^\s()"]+)')


class BadRequest(Exception):
    """The registry would answer 400 with these words."""


def check_known(params: dict[str, str]) -> None:
    for name in params:
        if name in NOT_SERVED:
            raise BadRequest(f"The stand-in does not serve `{name}` yet")
        if name not in SERVED:
            raise BadRequest(f"`{name}` is unknown parameter")


def matching(studies: dict[str, Raw], params: dict[str, str]) -> list[Raw]:
    """The studies that answer these parameters, in the order in which they were added."""
    found = list(studies.values())
    filters = [
        _by_ids(params.get("filter.ids", "")),
        _by_status(params.get("filter.overallStatus", "")),
        _by_update(params.get("filter.advanced", "")),
    ]
    queries = [params[name] for name in sorted(QUERIES & params.keys())]
    for query in queries:
        found = [study for study in found if _answers(study, query)]
    # As the real one does: a query of nothing but numbers makes it forget the filters.
    if any(_ONLY_NUMBERS.fullmatch(query.strip()) for query in queries):
        return found
    return [study for study in found if all(passes(study) for passes in filters)]


def _answers(study: Raw, query: str) -> bool:
    text = json.dumps(study, ensure_ascii=False).casefold()
    groups = re.split(r"\bOR\b|(?<=\d),", query)
    return any(
        all((phrase or word).casefold() in text for phrase, word in _TERM.findall(group))
        for group in groups
    )


def _by_ids(ids: str) -> Any:
    wanted = set()
    for place, one in enumerate(re.split(r"[,|]", ids) if ids else [], start=1):
        number = registry_number(one)
        if number is None:
            raise BadRequest(f"Item {place} in parameter `filter.ids` has incorrect format")
        wanted.add(number)
    return lambda study: not wanted or _identification(study)["nctId"] in wanted


def _by_status(statuses: str) -> Any:
    wanted = set(re.split(r"[,|]", statuses)) if statuses else set()
    for status in sorted(wanted - STATUS):
        raise BadRequest(f"Invalid value in parameter `overallStatus`: `{status}`")
    return lambda study: not wanted or _status(study).get("overallStatus") in wanted


def _by_update(expression: str) -> Any:
    for area in _AREA.findall(expression):
        if area != "LastUpdatePostDate":
            problem = f"Unknown area name: '{area}'"
            raise BadRequest(f"Error parsing query in advanced filter: {problem}")
    match = _UPDATED.search(expression)
    if match is None:
        return lambda study: True
    first = "" if match[1] == "MIN" else match[1]
    last = "9999" if match[2] == "MAX" else match[2]
    return lambda study: first <= _status(study)["lastUpdatePostDateStruct"]["date"] <= last


def _identification(study: Raw) -> Raw:
    identification: Raw = study["protocolSection"]["identificationModule"]
    return identification


def _status(study: Raw) -> Raw:
    status: Raw = study["protocolSection"]["statusModule"]
    return status
