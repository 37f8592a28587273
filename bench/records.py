"""Made-up study records, as large and as varied as the registry's, for the benchmarks.

A record depends on its number alone, so any run makes the same. The sizes are those of some 3,400
real ones that were counted: 11.7 kB of JSON, 7 outcomes, 6 places (few studies have a hundred), two
arms; 70 % hold letters that are not ASCII, 40 % name people to contact.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import orjson

from bench.record_parts import (
    contacts,
    long_text,
    outcomes,
    places,
    references,
    results,
    sentence,
    weighted,
)
from bench.words import WORDS

Raw = dict[str, Any]

FIRST_NUMBER = 80_000_000  # beyond any that the registry has given
SPONSORS = 2_000
STATUSES = (
    ("COMPLETED", 40),
    ("UNKNOWN", 22),
    ("RECRUITING", 16),
    ("NOT_YET_RECRUITING", 6),
    ("TERMINATED", 5),
    ("WITHDRAWN", 4),
    ("ACTIVE_NOT_RECRUITING", 4),
    ("ENROLLING_BY_INVITATION", 2),
    ("SUSPENDED", 1),
)
PHASES = (
    (("PHASE1",), 16),
    (("PHASE1", "PHASE2"), 24),
    (("PHASE2",), 18),
    (("PHASE2", "PHASE3"), 6),
    (("PHASE3",), 8),
    (("PHASE4",), 4),
    (("NA",), 18),
    ((), 6),
)
UNTIL = 2026  # the year of the newest record


def write(path: Path, count: int, *, first: int = 1) -> None:
    """Write `count` records as JSON Lines, the first of them with the number `first`."""
    with path.open("wb") as file:
        for record in records(count, first=first):
            file.write(orjson.dumps(record) + b"\n")


def records(count: int, *, first: int = 1) -> Iterator[Raw]:
    return (made_up(n) for n in range(first, first + count))


def number(n: int) -> str:
    return f"NCT{FIRST_NUMBER + n:08d}"


def made_up(n: int) -> Raw:
    """The n-th study, which the screening takes into the catalogue."""
    random = Random(n)
    cells, product = weighted(random, WORDS["cells"])
    condition, in_title, heading = weighted(random, WORDS["conditions"])
    donor = random.choice(WORDS["donors"])
    status = weighted(random, STATUSES)
    is_observational = random.random() < 0.08
    is_compared = random.random() < 0.55 and not is_observational
    sponsor = random.random()
    record: Raw = {
        "protocolSection": {
            "identificationModule": _identification(n, random, f"{donor} {cells}", in_title),
            "statusModule": _status(random, status),
            "sponsorCollaboratorsModule": _sponsors(random, sponsor),
            "oversightModule": {"oversightHasDmc": random.random() < 0.5, "isUsExport": False},
            "descriptionModule": _description(random, cells, in_title),
            "conditionsModule": {
                "conditions": [condition, *_some(random, _conditions(), 0.7)],
                "keywords": _some(random, WORDS["keywords"], 2.7),
            },
            "designModule": _design(random, is_observational, is_compared),
            "armsInterventionsModule": _arms(random, product, donor, is_compared),
            "outcomesModule": outcomes(random),
            "eligibilityModule": _eligibility(random),
            "contactsLocationsModule": {
                "locations": places(random, status == "RECRUITING"),
                **contacts(random),
            },
            "ipdSharingStatementModule": {"ipdSharing": random.choice(("YES", "NO", "UNDECIDED"))},
        },
        "derivedSection": _derived(random, heading),
        "hasResults": False,
    }
    if papers := references(random):
        record["protocolSection"]["referencesModule"] = {"references": papers}
    if random.random() < 0.03:
        record |= {"hasResults": True, "resultsSection": results(random)}
    return record


def _identification(n: int, random: Random, cells: str, in_title: str) -> Raw:
    module: Raw = {
        "nctId": number(n),
        "orgStudyIdInfo": {"id": f"{random.choice(WORDS['town_endings']).upper()}-{n:06d}"},
        "organization": {"fullName": _sponsor(random.randrange(SPONSORS))["name"]},
        "briefTitle": f"{cells.strip()} for {in_title}, Series {n}",
        "officialTitle": f"{cells.strip()} in People With {in_title}: {sentence(random)}",
    }
    if random.random() < 0.3:
        module["acronym"] = "".join(random.choices("ABCDEGIKLMNORSTU", k=6))
    if random.random() < 0.3:
        module["secondaryIdInfos"] = [{"id": f"X-{random.randrange(10**6)}", "type": "OTHER"}]
    return module


def _status(random: Random, status: str) -> Raw:
    year = random.randrange(2005, UNTIL)
    posted = _day(random, year)
    updated = _day(random, random.randint(year, UNTIL - 1))
    ends = _day(random, year + random.randint(1, 5))
    module: Raw = {
        "statusVerifiedDate": updated[:7],
        "overallStatus": status,
        "expandedAccessInfo": {"hasExpandedAccess": False},
        "startDateStruct": {"date": posted[: random.choice((7, 10, 10))], "type": "ACTUAL"},
        "primaryCompletionDateStruct": {"date": ends[:7], "type": "ESTIMATED"},
        "completionDateStruct": {"date": ends, "type": "ESTIMATED"},
        "studyFirstSubmitDate": posted,
        "studyFirstSubmitQcDate": posted,
        "studyFirstPostDateStruct": {"date": posted, "type": "ACTUAL"},
        "lastUpdateSubmitDate": max(posted, updated),
        "lastUpdatePostDateStruct": {"date": max(posted, updated), "type": "ACTUAL"},
    }
    if status == "UNKNOWN":
        module["lastKnownStatus"] = "RECRUITING"
    if status in ("TERMINATED", "WITHDRAWN", "SUSPENDED"):
        module["whyStopped"] = sentence(random)
    return module


def _day(random: Random, year: int) -> str:
    return f"{year}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"


@cache
def _sponsor(n: int) -> Raw:
    random = Random(-n)
    name, sponsor_class = weighted(random, WORDS["institutions"])
    # Every beginning before every ending, in turn: no two sponsors lie in one town.
    town = WORDS["town_beginnings"][n % len(WORDS["town_beginnings"])]
    town += WORDS["town_endings"][n // len(WORDS["town_beginnings"]) % len(WORDS["town_endings"])]
    if n >= len(WORDS["town_beginnings"]) * len(WORDS["town_endings"]):
        town = f"Old {town}"
    return {"name": name.format(town=town), "class": sponsor_class}


def _sponsors(random: Random, place: float) -> Raw:
    """Few sponsors have many studies, and many have few."""
    module: Raw = {
        "responsibleParty": {"type": "SPONSOR"},
        "leadSponsor": _sponsor(int(SPONSORS * place**1.5)),
    }
    if random.random() < 0.4:
        count = min(6, 1 + int(random.expovariate(1.0)))
        module["collaborators"] = [_sponsor(random.randrange(SPONSORS)) for _ in range(count)]
    if random.random() < 0.4:
        module["responsibleParty"] = {
            "type": "PRINCIPAL_INVESTIGATOR",
            "investigatorFullName": random.choice(WORDS["town_beginnings"]),
            "investigatorTitle": "Professor",
            "investigatorAffiliation": module["leadSponsor"]["name"],
        }
    return module


def _description(random: Random, cells: str, in_title: str) -> Raw:
    summary = f"Are {cells.lower()} of use in {in_title.lower()}? "
    module = {"briefSummary": summary + long_text(random, random.expovariate(1 / 560))}
    if random.random() < 0.65:
        module["detailedDescription"] = long_text(random, random.expovariate(1 / 1_850))
    return module


@cache
def _conditions() -> tuple[str, ...]:
    return tuple(condition for condition, *_ in WORDS["conditions"])


def _some(random: Random, those: tuple[str, ...] | list[str], mean: float) -> list[str]:
    count = min(len(those), int(random.expovariate(1 / mean)))
    return random.sample(list(those), count)


def _design(random: Random, is_observational: bool, is_compared: bool) -> Raw:
    module: Raw = {
        "studyType": "OBSERVATIONAL" if is_observational else "INTERVENTIONAL",
        "enrollmentInfo": {
            "count": int(random.lognormvariate(3.6, 1.0)),
            "type": random.choice(("ACTUAL", "ESTIMATED")),
        },
    }
    if is_observational:
        module["designInfo"] = {"observationalModel": "COHORT", "timePerspective": "PROSPECTIVE"}
        return module
    phases = weighted(random, PHASES)
    module |= {"phases": list(phases)} if phases else {}
    module["designInfo"] = {
        "allocation": "RANDOMIZED" if is_compared else "NA",
        "interventionModel": "PARALLEL" if is_compared else "SINGLE_GROUP",
        "primaryPurpose": "TREATMENT",
        "maskingInfo": {
            "masking": random.choice(("DOUBLE", "SINGLE", "NONE")) if is_compared else "NONE",
            "whoMasked": ["PARTICIPANT", "OUTCOMES_ASSESSOR"] if is_compared else [],
        },
    }
    return module


def _arms(random: Random, product: str, donor: str, is_compared: bool) -> Raw:
    """One arm to three of the cells, in as many doses, and perhaps one to compare them with."""
    doses = random.choice((1, 1, 1, 2, 2, 3))
    arms, given = [], []
    for n in range(1, doses + 1):
        name, label = f"{product}, dose {n}", f"Dose {n}"
        text = f"{donor} {product} into the joint. {sentence(random)}".strip()
        said = long_text(random, 90) if random.random() < 0.6 else ""
        arms.append(_arm(label, "EXPERIMENTAL", f"Biological: {name}", said))
        others = [product.upper(), f"{product} {n}"] if random.random() < 0.3 else []
        given.append(_given("BIOLOGICAL", name, text, label, others))
    if is_compared:
        other = random.choice(WORDS["compared_with"])
        text = sentence(random)
        arms.append(_arm("Control", "ACTIVE_COMPARATOR", f"Drug: {other}", text))
        given.append(_given("DRUG", other, sentence(random), "Control", []))
    return {"armGroups": arms, "interventions": given}


def _arm(label: str, kind: str, intervention: str, text: str) -> Raw:
    arm = {"label": label, "type": kind, "description": text, "interventionNames": [intervention]}
    return {key: value for key, value in arm.items() if value}


def _given(kind: str, name: str, text: str, label: str, other_names: list[str]) -> Raw:
    given = {"type": kind, "name": name, "description": text, "armGroupLabels": [label]}
    return given | ({"otherNames": other_names} if other_names else {})


def _eligibility(random: Random) -> Raw:
    wanted = random.lognormvariate(7.2, 0.75)
    parts = []
    for heading in ("Inclusion Criteria:", "Exclusion Criteria:"):
        length, lines = 0, [heading, ""]
        while length < wanted / 2:
            lines.append(f"* {sentence(random)}")
            length += len(lines[-1])
        parts.append("\n".join(lines))
    module: Raw = {
        "eligibilityCriteria": "\n\n".join(parts),
        "healthyVolunteers": False,
        "sex": random.choice(("ALL", "ALL", "ALL", "FEMALE")),
        "minimumAge": f"{random.choice((18, 18, 20, 30, 40))} Years",
        "stdAges": ["ADULT", "OLDER_ADULT"],
    }
    if random.random() < 0.65:
        module["maximumAge"] = f"{random.randrange(60, 90)} Years"
    return module


def _derived(random: Random, heading: str) -> Raw:
    ancestors = _some(random, WORDS["ancestors"], 4)
    return {
        "miscInfoModule": {"versionHolder": f"{UNTIL}-01-05"},
        "conditionBrowseModule": {
            "meshes": [_term(heading)],
            "ancestors": [_term(name) for name in ancestors],
        },
        "interventionBrowseModule": {"meshes": [_term("Cells")], "ancestors": []},
    }


def _term(name: str) -> Raw:
    return {"id": f"D9{sum(map(ord, name)):05d}", "term": name}


def mean_bytes(path: Path) -> float:
    with path.open("rb") as lines:
        sizes = [len(line) for line in lines]
    return sum(sizes) / len(sizes)
