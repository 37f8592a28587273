"""What the stand-in registry knows of field names: for `fields`, which chooses, and for `sort`.

A field is named by its path ("protocolSection.statusModule.overallStatus") or by its piece's name
("OverallStatus"). Paths are those of the studies that are there; of the pieces' names, the few that
tests may want.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

Raw = dict[str, Any]

_STATUS = "protocolSection.statusModule"
_PIECES = {
    "NCTId": "protocolSection.identificationModule.nctId",
    "NCTIdAlias": "protocolSection.identificationModule.nctIdAliases",
    "BriefTitle": "protocolSection.identificationModule.briefTitle",
    "OfficialTitle": "protocolSection.identificationModule.officialTitle",
    "Acronym": "protocolSection.identificationModule.acronym",
    "OverallStatus": f"{_STATUS}.overallStatus",
    "StartDate": f"{_STATUS}.startDateStruct.date",
    "PrimaryCompletionDate": f"{_STATUS}.primaryCompletionDateStruct.date",
    "CompletionDate": f"{_STATUS}.completionDateStruct.date",
    "StudyFirstPostDate": f"{_STATUS}.studyFirstPostDateStruct.date",
    "LastUpdatePostDate": f"{_STATUS}.lastUpdatePostDateStruct.date",
    "LeadSponsorName": "protocolSection.sponsorCollaboratorsModule.leadSponsor.name",
    "BriefSummary": "protocolSection.descriptionModule.briefSummary",
    "Condition": "protocolSection.conditionsModule.conditions",
    "StudyType": "protocolSection.designModule.studyType",
    "Phase": "protocolSection.designModule.phases",
    "EnrollmentCount": "protocolSection.designModule.enrollmentInfo.count",
    "InterventionName": "protocolSection.armsInterventionsModule.interventions.name",
    "LocationCountry": "protocolSection.contactsLocationsModule.locations.country",
    "VersionHolder": "derivedSection.miscInfoModule.versionHolder",
}
_SECTIONS = ("protocolSection", "resultsSection", "documentSection", "derivedSection", "hasResults")
_DATES = frozenset(name for name in _PIECES if name.endswith("Date"))
_COUNTS = frozenset({"EnrollmentCount"})


class BadField(Exception):
    """The registry would answer 400 with these words."""


def values_at(value: object, path: str) -> list[Any]:
    """What stands at the path, through all lists on the way."""
    values = [value]
    for key in path.split("."):
        values = [one[key] for one in _flat(values) if isinstance(one, dict) and key in one]
    return list(_flat(values))


def chosen(studies: Iterable[Raw], fields: str, among: Iterable[Raw]) -> list[Raw]:
    """The studies with these fields alone; names are known by the studies `among` them."""
    known = list(among)
    paths = [_path(name, known).split(".") for name in re.split(r"[,|]", fields)]
    return [_only(study, paths) for study in studies]


def in_order(studies: list[Raw], sort: str) -> list[Raw]:
    """Sorted by up to two fields; those without the field come last, whatever the direction."""
    wanted = re.split(r"[,|]", sort) if sort else []
    if len(wanted) > 2:
        raise BadField("Parameter `sort` has too many items")  # words invented
    for one in reversed(wanted):
        name, _, direction = one.partition(":")
        if name == "@relevance":
            continue
        path = _sortable(name)
        downwards = (direction or ("desc" if name in _DATES else "asc")) == "desc"
        with_value = [study for study in studies if values_at(study, path)]
        without = [study for study in studies if not values_at(study, path)]
        with_value.sort(key=lambda study, path=path: values_at(study, path), reverse=downwards)
        studies = with_value + without
    return studies


def _sortable(name: str) -> str:
    path = _PIECES.get(name, name)
    by_path = {path: piece for piece, path in _PIECES.items()}
    if path not in by_path:
        raise BadField(f"Parameter 'sort' contains invalid field name: '{name}'")  # words invented
    if by_path[path] not in _DATES | _COUNTS:
        raise BadField("Unsupported sort field type: text")
    return path


def _path(name: str, studies: list[Raw]) -> str:
    if name in _PIECES:
        return _PIECES[name]
    lowered = name[:1].lower() + name[1:]
    branches = [lowered, *(f"{section}.{lowered}" for section in _SECTIONS)]
    for path in [name] if "." in name else branches:
        is_known = path in _SECTIONS or path in _PIECES.values()
        if is_known or any(values_at(study, path) for study in studies):
            return path
    raise BadField(f"Parameter 'fields' contains invalid field name: '{name}'")


def _only(value: Any, paths: list[list[str]]) -> Any:
    if isinstance(value, list):
        return [_only(one, paths) for one in value]
    if not isinstance(value, Mapping) or [] in paths:
        return value
    kept = {}
    for key, inner in value.items():
        if below := [path[1:] for path in paths if path[0] == key]:
            kept[key] = _only(inner, below)
    return kept


def _flat(values: Iterable[Any]) -> Iterable[Any]:
    for value in values:
        if isinstance(value, list):
            yield from _flat(value)
        else:
            yield value
