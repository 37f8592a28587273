"""The rows of made-up trials, as the catalogue's tables hold them; each is named after its model.

A trial depends on its number, on the size of the catalogue and on the vocabularies alone, so any
run makes the same. Imports no Django: the benchmark itself stays small.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from random import Random
from typing import Any, NamedTuple

from bench.record_parts import sentence
from bench.records import PHASES, STATUSES, UNTIL, number
from bench.words import WORDS
from trials.partial_date import PartialDate
from trials.registry.ages import age_in_days

EVERY = 100  # trials, of which one is named by a document, one has a paper, one an older number
# The codes of fifty countries, those of most sites first, with the degrees round which they lie.
COUNTRIES = """
US 39 -95, CN 32 112, ES 40 -4, KR 37 127, FR 46 2, IR 33 53, DE 51 10, IT 43 12, TW 24 121,
TR 39 35, BR -12 -48, IN 21 78, JO 31 36, AU -30 145, CZ 50 15, MX 21 -100, JP 36 138, VN 16 107,
GB 53 -2, CA 50 -100, NL 52 5, BE 51 4, SE 60 15, NO 61 9, DK 56 10, FI 63 26, PL 52 19, PT 40 -8,
GR 39 22, AT 47 14, CH 47 8, HU 47 19, RO 46 25, BG 43 25, HR 45 16, RS 44 21, UA 49 31, IL 31 35,
EG 27 30, SA 24 45, PK 30 70, TH 15 101, MY 4 102, SG 1 104, ID -5 120, AR -34 -64, CL -33 -71,
CO 4 -72, ZA -29 24, CU 22 -79
"""
OPENINGS = (
    *("", "", "Safety and Efficacy of", "A Randomised Trial of", "Long-Term Follow-Up After"),
    *("Pilot Study of", "Dose Escalation of", "A Comparison of Repeated", "Outcomes of"),
)
DONORS = (
    ("autologous", "Autologous", 5),
    ("allogeneic", "Allogeneic", 4),
    ("xenogeneic", "Xenogeneic", 1),
    ("", "", 3),
)
PREPARATIONS = (("expanded", 10), ("minimally-manipulated", 5), ("cell-free", 1), ("", 4))
ROUTES = (
    *(("intra-articular", 16), ("implantation", 6), ("intravenous", 4), ("intradiscal", 3)),
    *(("intraosseous", 2), ("local-injection", 2), ("intrathecal", 1), ("", 6)),
)
STUDY_TYPES = ("INTERVENTIONAL",) * 18 + ("OBSERVATIONAL",) * 3 + ("EXPANDED_ACCESS",)
SEXES = ("ALL",) * 20 + ("FEMALE", "MALE", "")
LEAST_AGES = ("18 Years",) * 6 + ("20 Years", "30 Years", "40 Years", "6 Months", "")
MOST_AGES = ("",) * 4 + tuple(f"{years} Years" for years in range(55, 90, 5))


class Named(NamedTuple):
    """A cell source or an indication."""

    key: int
    name: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The rows that trials refer to: of the trees with their names, of the others their keys."""

    cell_sources: Sequence[Named]  # the most common first, as are the others
    indications: Sequence[Named]
    products: Sequence[int]
    documents: Sequence[int]
    publications: Sequence[int]


class Sponsor(NamedTuple):
    id: int
    slug: str
    name: str
    sponsor_class: str


class SponsorAlias(NamedTuple):
    sponsor_id: int
    name: str
    normalised: str
    kind: str


class Trial(NamedTuple):
    id: int
    number: str
    registry: str
    registry_id: str | None
    title: str
    title_zh: str
    official_title: str
    acronym: str
    status: str
    study_type: str
    enrollment_count: int | None
    enrollment_type: str
    start_date: str | None
    start_earliest: str | None
    start_latest: str | None
    first_posted: str | None
    last_updated: str | None
    brief_summary: str
    conditions: str
    keywords: str
    sex: str
    minimum_age: str
    maximum_age: str
    minimum_age_days: int | None
    maximum_age_days: int | None
    has_results: bool


class TrialAlias(NamedTuple):
    trial_id: int
    number: str


class TrialPhase(NamedTuple):
    trial_id: int
    phase: str


class TrialSponsor(NamedTuple):
    trial_id: int
    sponsor_id: int
    role: str


class Site(NamedTuple):
    trial_id: int
    position: int
    facility: str
    city: str
    country_id: str | None
    country_name: str
    latitude: float | None
    longitude: float | None


class Intervention(NamedTuple):
    trial_id: int
    position: int
    type: str
    name: str


class Fact(NamedTuple):
    trial_id: int
    kind: str
    quote: str
    value: str = ""
    cell_source_id: int | None = None
    indication_id: int | None = None
    product_id: int | None = None
    role: str = "experimental"
    basis: str = "rule"
    shown: bool = True


class Mention(NamedTuple):
    trial_id: int
    document_id: int
    place: str
    title_words: str


class TrialPublication(NamedTuple):
    trial_id: int
    publication_id: int
    relation: str


Row = tuple[Any, ...]


class _About(NamedTuple):
    """What a trial gives, and for what."""

    cells: str
    sources: list[Named]
    indications: list[Named]

    @property
    def disease(self) -> str:
        return self.indications[0].name if self.indications else "Worn Joints"

    @property
    def in_chinese(self) -> str:
        cells = self.sources[0].name_zh if self.sources else "间充质"
        disease = self.indications[0].name_zh if self.indications else "关节疾病"
        return f"{cells}干细胞治疗{disease}的临床研究"


class _Quick(Random):
    """Chooses in a third of the time, at random enough for this."""

    def choice(self, seq: Any) -> Any:
        return seq[int(self.random() * len(seq))]


def sponsor_rows(count: int) -> Iterator[Row]:
    for n in range(count):
        random = _Quick(-n - 1)
        pattern, sponsor_class = random.choice(_pool(WORDS["institutions"]))
        turn, town = divmod(n, len(_towns()))
        name = pattern.format(town=_towns()[town]) + (f" {turn + 1}" if turn else "")
        yield Sponsor(n + 1, f"sponsor-{n + 1}", name, sponsor_class)


def trial_rows(n: int, sponsors: int, vocabulary: Vocabulary) -> Iterator[Row]:
    """All rows of the n-th trial, its own first."""
    random = _Quick(n)
    sources = _some(random, vocabulary.cell_sources, (0, 1, 1, 1, 1, 1, 1, 1, 1, 2))
    indications = _some(random, vocabulary.indications, (0, *(1,) * 15, 2, 2))
    donor, donor_word = random.choice(_pool(DONORS))
    cells = f"{donor_word} {sources[0].name if sources else 'Mesenchymal'} Cells".strip()
    sites = list(_sites(n, random))
    about = _About(cells, sources, indications)
    trial = _trial(n, random, about, is_in_china=any(site.country_id == "CN" for site in sites))
    yield trial
    yield from sites
    # Few sponsors have many trials, and many have few.
    yield TrialSponsor(n, 1 + int(sponsors * random.random() ** 2), "lead")
    if trial.study_type == "INTERVENTIONAL":
        for phase in random.choice(_pool(PHASES)):
            yield TrialPhase(n, phase)
    yield Intervention(n, 1, "BIOLOGICAL", cells)
    if random.random() < 0.5:
        yield Intervention(n, 2, "DRUG", random.choice(WORDS["compared_with"]))
    for source in sources:
        yield Fact(n, "cell_source", trial.title, cell_source_id=source.key)
    for indication in indications:
        yield Fact(n, "indication", trial.title, indication_id=indication.key)
    yield from _other_facts(n, random, donor, trial.title, vocabulary)
    yield from _links(n, random, trial.title, vocabulary)


def _trial(n: int, random: Random, about: _About, *, is_in_china: bool) -> Trial:
    is_registered = n % 500 != 9
    own = number(n) if is_registered else f"SCT-{n:06d}"
    cells, disease = about.cells, about.disease
    opening = random.choice(OPENINGS)
    title = f"{opening} {cells} for {disease}{random.choice(_title_ends())}".strip()
    start = _start(random)
    known = random.random() < 0.95
    posted, updated = _posted_and_updated(random)
    least, most = random.choice(LEAST_AGES), random.choice(MOST_AGES)
    return Trial(
        id=n,
        number=own,
        registry="ClinicalTrials.gov" if is_registered else "",
        registry_id=own if is_registered else None,
        title=title,
        title_zh=about.in_chinese if is_in_china and random.random() < 0.5 else "",
        official_title=f"{title}: {sentence(random)}",
        acronym="".join(random.choices("ACEGIKLMNORSTU", k=6)) if random.random() < 0.3 else "",
        status=random.choice(_pool(STATUSES)),
        study_type=random.choice(STUDY_TYPES),
        enrollment_count=int(random.lognormvariate(3.6, 1.0)) if known else None,
        enrollment_type=random.choice(("ACTUAL", "ESTIMATED")) if known else "",
        **_bounds(start),
        first_posted=posted,
        last_updated=updated,
        brief_summary=f"Are {cells.lower()} of use in {disease.lower()}? {sentence(random)}",
        conditions=_as_list(disease, random.choice(WORDS["conditions"])[0]),
        keywords=random.choice(_keywords()),
        sex=random.choice(SEXES),
        minimum_age=least,
        maximum_age=most,
        minimum_age_days=_days(least),
        maximum_age_days=_days(most),
        has_results=random.random() < 0.08,
    )


def _sites(n: int, random: Random) -> Iterator[Site]:
    count = random.choice((1, 1, 1, 2, 2, 3)) if random.random() < 0.98 else 0
    home = random.choice(_pool(_countries()))
    for position in range(1, count + 1):
        country = home if random.random() < 0.7 else random.choice(_pool(_countries()))
        code, latitude, longitude = country
        city = random.choice(_towns())
        facility = random.choice(_pool(WORDS["institutions"]))[0].format(town=city)
        place = (
            (
                round(latitude + random.uniform(-3, 3), 5),
                round(longitude + random.uniform(-3, 3), 5),
            )
            if random.random() < 0.9
            else (None, None)
        )
        if random.random() < 0.05:
            yield Site(n, position, facility, city, None, "", *place)
        else:
            yield Site(n, position, facility, city, code, code, *place)


def _other_facts(
    n: int, random: Random, donor: str, quote: str, vocabulary: Vocabulary
) -> Iterator[Fact]:
    values = {
        "donor_type": donor,
        "preparation": random.choice(_pool(PREPARATIONS)),
        "route": random.choice(_pool(ROUTES)),
    }
    for kind, value in values.items():
        if value:
            yield Fact(n, kind, quote, value)
        elif random.random() < 0.1:
            # A person looked, and it is not said.
            yield Fact(n, kind, quote, "not-stated", basis="record")
    if random.random() < 0.06:
        yield Fact(n, "product", quote, product_id=random.choice(_pool_of(vocabulary.products)))
    if random.random() < 0.05:
        source = random.choice(vocabulary.cell_sources).key
        yield Fact(n, "cell_source", quote, cell_source_id=source, role="comparator")
    if random.random() < 0.03:
        yield Fact(n, "route", quote, "other", basis="inferred", shown=False)


def _links(n: int, random: Random, title: str, vocabulary: Vocabulary) -> Iterator[Row]:
    if n % EVERY == 3:
        publication = vocabulary.publications[n // EVERY % len(vocabulary.publications)]
        yield TrialPublication(n, publication, "reports")
    if n % EVERY == 5:
        yield TrialAlias(n, f"SCT-{900_000_000 + n}")
    if n % EVERY == 7:
        yield Mention(n, random.choice(vocabulary.documents), f"row {n}", title)


def _some(random: Random, names: Sequence[Named], counts: Sequence[int]) -> list[Named]:
    """So many different ones, the first of the list more often than the last."""
    chosen = [random.choice(_pool_of(names)) for _ in range(random.choice(counts))]
    return list(dict.fromkeys(chosen))


def _start(random: Random) -> str | None:
    """To the day, the month or the year, or not known."""
    length = random.choice((10, 10, 10, 10, 10, 10, 7, 7, 7, 7, 4, 0))
    return _day(random)[:length] or None


def _day(random: Random) -> str:
    return random.choice(_all_days())


@cache
def _all_days() -> list[str]:
    days = product(range(2005, UNTIL), range(1, 13), range(1, 29))
    return [f"{year}-{month:02d}-{day:02d}" for year, month, day in days]


@cache
def _bounds(start: str | None) -> dict[str, str | None]:
    if start is None:
        return {"start_date": None, "start_earliest": None, "start_latest": None}
    date = PartialDate.parse(start)
    return {
        "start_date": start,
        "start_earliest": date.earliest.isoformat(),
        "start_latest": date.latest.isoformat(),
    }


def _posted_and_updated(random: Random) -> tuple[str | None, str | None]:
    if random.random() < 0.02:
        return None, None
    first, second = _day(random), _day(random)
    return min(first, second), max(first, second)


@cache
def _days(age: str) -> int | None:
    return age_in_days(age) if age else None


@cache
def _as_list(*words: str) -> str:
    return json.dumps(words)


@cache
def _keywords() -> list[str]:
    random = Random(0)
    return [_as_list(*random.sample(WORDS["keywords"], n % 5)) for n in range(500)]


@cache
def _title_ends() -> list[str]:
    """What a trial may be about besides, in many words."""
    random = Random(0)
    ends = [f" With {word.title()}" for word in WORDS["keywords"]]
    ends += [f" in {town}" for town in _towns()]
    ends += [f": {' and '.join(random.sample(WORDS['what'], 2))}" for _ in range(2_000)]
    return ends + [""] * 1_000


@cache
def _towns() -> list[str]:
    return [
        beginning + ending
        for ending in WORDS["town_endings"]
        for beginning in WORDS["town_beginnings"]
    ]


@cache
def _countries() -> tuple[tuple[Any, ...], ...]:
    """Code, latitude, longitude, and how often it comes: half as often in the tenth place."""
    lines = [country.split() for country in COUNTRIES.split(",")]
    return tuple(
        (code, float(latitude), float(longitude), 1_000 // (10 + place))
        for place, (code, latitude, longitude) in enumerate(lines)
    )


@cache
def _pool(choices: tuple[tuple[Any, ...], ...]) -> list[Any]:
    """Each choice as often as its last part says: quicker to draw from than weights."""
    return [
        choice[0] if len(choice) == 2 else choice[:-1]
        for choice in choices
        for _ in range(choice[-1])
    ]


@cache
def _pool_of(names: tuple[Any, ...]) -> list[Any]:
    """The first of the list ten times as often as those far behind."""
    return [name for place, name in enumerate(names) for _ in range(10 // (1 + place // 3) + 1)]
