"""The long parts of made-up records: texts, outcomes, places, people, papers, results."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any

from bench.words import WORDS

Raw = dict[str, Any]

_SENTENCES = 6_000  # different ones; a record holds some sixty
_MOST_OUTCOMES, _MOST_PLACES, _MOST_REFERENCES = 120, 250, 60


def weighted(random: Random, choices: Sequence[tuple[Any, ...]]) -> Any:
    """One of the choices, the last part of which says how often it comes; without that part."""
    chosen = random.choices(choices, _weights(tuple(choices)))[0]
    return chosen[0] if len(chosen) == 2 else chosen[:-1]


@cache
def _weights(choices: tuple[tuple[Any, ...], ...]) -> list[int]:
    return [choice[-1] for choice in choices]


@cache
def _sentences() -> list[str]:
    random = Random(0)
    invented = [
        "".join(random.choices(WORDS["syllables"], k=random.randint(1, 4))) for _ in range(3_000)
    ]
    made = [_made_sentence(random, invented) for _ in range(_SENTENCES)]
    # As if a telephone number came: one record in six holds such a sentence.
    made[::300] = [random.choice(WORDS["nearly_contacts"]) for _ in made[::300]]
    return made


def _made_sentence(random: Random, invented: list[str]) -> str:
    if random.random() < 0.3:
        return " ".join(random.choices(invented, k=random.randint(8, 18))).capitalize() + "."
    endings = WORDS["ending_beyond_ascii"] if random.random() < 0.01 else WORDS["ending"]
    parts = (WORDS["who"], WORDS["does"], WORDS["what"], WORDS["when"])
    return " ".join(map(random.choice, parts)) + random.choice(endings) + "."


def sentence(random: Random) -> str:
    return random.choice(_sentences())


def long_text(random: Random, letters: float) -> str:
    """About as many letters, in paragraphs."""
    said: list[str] = []
    left = letters
    while left > 0:
        said.append(sentence(random))
        left -= len(said[-1])
    paragraphs = [" ".join(said[start : start + 6]) for start in range(0, len(said), 6)]
    return "\n\n".join(paragraphs)


def outcomes(random: Random) -> Raw:
    count = min(_MOST_OUTCOMES, 1 + int(random.expovariate(1 / 6.5)))
    made = [_outcome(random) for _ in range(count)]
    module = {"primaryOutcomes": made[:1]}
    if len(made) > 1:
        module["secondaryOutcomes"] = made[1:]
    return module


def _outcome(random: Random) -> Raw:
    outcome = {
        "measure": f"Change of {random.choice(WORDS['what'])}",
        "timeFrame": f"{random.choice((3, 6, 12, 24, 60))} months",
    }
    if random.random() < 0.6:
        outcome["description"] = long_text(random, random.expovariate(1 / 290))
    return outcome


def places(random: Random, is_recruiting: bool) -> list[Raw]:
    """Mostly one, at times some, seldom hundreds."""
    kind = random.random()
    if kind < 0.08:
        count = 0
    elif kind < 0.62:
        count = 1
    elif kind < 0.86:
        count = random.randint(2, 6)
    elif kind < 0.975:
        count = random.randint(7, 20)
    else:
        count = random.randint(30, _MOST_PLACES)
    made: list[Raw] = []
    while len(made) < count:
        country, latitude, longitude = weighted(random, WORDS["countries"])
        for _ in range(min(count - len(made), random.randint(1, 8))):
            made.append(_place(random, country, latitude, longitude, is_recruiting))
    return made


def _place(
    random: Random, country: str, latitude: float, longitude: float, is_recruiting: bool
) -> Raw:
    town = random.choice(WORDS["town_beginnings"]) + random.choice(WORDS["town_endings"])
    institution, _ = weighted(random, WORDS["institutions"])
    place: Raw = {
        "facility": institution.format(town=town),
        "city": town,
        "state": f"{random.choice(WORDS['town_beginnings'])} Province",
        "zip": f"{random.randrange(10_000, 100_000)}",
        "country": country,
        "geoPoint": {
            "lat": round(latitude + random.uniform(-3, 3), 5),
            "lon": round(longitude + random.uniform(-3, 3), 5),
        },
    }
    if is_recruiting:
        place["status"] = "RECRUITING"
        place["contacts"] = [_person(random, "CONTACT")]
    return place


def contacts(random: Random) -> Raw:
    """People, who are not kept: in two records of five."""
    if random.random() > 0.3:
        return {}
    return {
        "centralContacts": [_person(random, "CONTACT") for _ in range(random.randint(1, 2))],
        "overallOfficials": [{"name": _name(random), "role": "PRINCIPAL_INVESTIGATOR"}],
    }


def _person(random: Random, role: str) -> Raw:
    name = _name(random)
    return {
        "name": name,
        "role": role,
        "phone": f"555-01{random.randrange(100):02d}",
        "email": f"{name.replace(' ', '.').lower()}@{random.choice(WORDS['town_endings'])}.example",
    }


def _name(random: Random) -> str:
    return (
        f"{random.choice(WORDS['town_endings']).title()} {random.choice(WORDS['town_beginnings'])}"
    )


def references(random: Random) -> list[Raw]:
    if random.random() < 0.45:
        return []
    count = min(_MOST_REFERENCES, 1 + int(random.expovariate(1 / 4)))
    return [
        {
            "pmid": str(random.randrange(90_000_000, 99_000_000)),
            "type": random.choice(("BACKGROUND", "DERIVED", "RESULT")),
            "citation": f"{_name(random)}, {_name(random)}. {sentence(random)} "
            f"J Made Up Med. {random.randrange(1990, 2026)};{random.randrange(1, 90)}"
            f"({random.randrange(1, 12)}):{random.randrange(1, 900)}-9.",
        }
        for _ in range(count)
    ]


def results(random: Random) -> Raw:
    """Some 30 kB, of which the catalogue keeps the JSON and reads nothing."""
    groups = [
        {"id": f"OG00{n}", "title": f"Group {n}", "description": sentence(random)} for n in (0, 1)
    ]
    return {
        "outcomeMeasuresModule": {
            "outcomeMeasures": [
                {
                    "type": "SECONDARY",
                    "title": sentence(random),
                    "description": long_text(random, 300),
                    "groups": groups,
                    "classes": [_measured(random) for _ in range(12)],
                }
                for _ in range(random.randint(5, 14))
            ]
        },
        "moreInfoModule": {"pointOfContact": _person(random, "CONTACT")},
    }


def _measured(random: Random) -> Raw:
    measured = [
        {"groupId": f"OG00{n}", "value": f"{random.uniform(0, 90):.1f}", "spread": "1.5"}
        for n in (0, 1)
    ]
    return {"title": f"Day {random.randrange(700)}", "categories": [{"measurements": measured}]}
