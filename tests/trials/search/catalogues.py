"""Small random catalogues and random questions about them, the same for one seed."""

from random import Random
from urllib.parse import urlencode

from tests.builders import (
    make_document,
    make_indication,
    make_mention,
    make_product,
    make_site,
    make_source,
    make_sponsor,
    make_sponsorship,
    state_fact,
)
from trials.models import Trial, TrialPhase
from trials.partial_date import PartialDate
from trials.search.kept import writing
from trials.showing import settle
from trials.vocabulary import FactKind, Phase, Preparation, Role, Route, Sex, Status, StudyType

COUNTRIES = ("CN", "TW", "US")
VALUES = {
    "cell_source": ("umbilical-cord", "whartons-jelly", "placenta", "bone-marrow", "not-stated"),
    "donor_type": ("autologous", "allogeneic", "not-stated"),
    "preparation": (*Preparation.values, "not-stated"),
    "route": (*Route.values[:3], "not-stated"),
    "indication": ("osteoarthritis", "knee-osteoarthritis", "disc-degeneration", "not-stated"),
    "country": (*COUNTRIES, "JP", "not-stated"),
    # Some words that the registry added and nobody here has a name for.
    "phase": (*Phase.values[:3], "PHASE5", "not-stated"),
    "status": (*Status.values[:2], "PAUSED"),
    "study_type": tuple(StudyType.values),
    "sponsor": ("sponsor-a", "sponsor-b"),
    "sponsor_class": ("INDUSTRY", "FUND"),
    "product": ("cartistem", "jointstem"),
    "document": ("list", "news"),
}
SINGLE = {
    "has_results": ("yes", "no"),
    "start_from": ("2016", "2016-07"),
    "start_to": ("2016", "2017-03"),
    "enrollment_min": ("0", "10"),
    "enrollment_max": ("10", "50"),
    "age": ("30", "70"),
    "sex": ("FEMALE", "MALE"),
    "q": ("trial", "knee", "脐带"),
}


@writing()
def grow_catalogue(random: Random, size: int) -> list[Trial]:
    """Trials with every kind of gap; some are outside the catalogue and must never be counted."""
    make_source("whartons-jelly", "umbilical-cord")
    make_source("umbilical-cord", name_zh="脐带")
    make_indication("knee-osteoarthritis", "osteoarthritis")
    for slug, sponsor_class in (("sponsor-a", "INDUSTRY"), ("sponsor-b", "FUND")):
        make_sponsor(slug, sponsor_class=sponsor_class)
    for slug in VALUES["product"]:
        make_product(slug)
    for slug in VALUES["document"]:
        make_document(slug)
    trials = [_grow_trial(random, number) for number in range(1, size + 1)]
    settle(trials)
    return trials


def _grow_trial(random: Random, number: int) -> Trial:
    trial = Trial.objects.create(
        number=f"SCT-{number:04d}",
        title=random.choice(("Knee trial", "Trial", "Disc study")),
        status=random.choice(("", *VALUES["status"])),
        study_type=random.choice(VALUES["study_type"]),
        has_results=random.choice((None, False, False, True)),
        start_date=random.choice((None, PartialDate("2016"), PartialDate("2016-08"))),
        enrollment_count=random.choice((None, 0, 10, 40)),
        sex=random.choice(("", *Sex.values)),
        minimum_age_days=random.choice((None, 6574, 18262)),
        screening=random.choices(("included", "excluded"), (9, 1))[0],
    )
    for phase in random.sample(VALUES["phase"][:4], random.choice((0, 1, 2))):
        TrialPhase.objects.create(trial=trial, phase=phase)
    for _ in range(random.choice((0, 1, 3))):
        make_site(trial, random.choice((*COUNTRIES, None)))
    if random.random() < 0.8:
        make_sponsorship(trial, random.choice(VALUES["sponsor"]))
    for document in random.sample(VALUES["document"], random.choice((0, 1, 2))):
        for place in range(random.choice((1, 2))):
            make_mention(trial, document, place=f"{number}-{place}")
    _grow_facts(random, trial)
    return trial


def _grow_facts(random: Random, trial: Trial) -> None:
    kinds = (
        FactKind.CELL_SOURCE,
        FactKind.DONOR_TYPE,
        FactKind.PREPARATION,
        FactKind.ROUTE,
        FactKind.INDICATION,
        FactKind.PRODUCT,
    )
    for kind in kinds:
        for value in random.sample(VALUES[kind], random.choice((0, 1, 1, 2))):
            role = random.choice((Role.EXPERIMENTAL, Role.EXPERIMENTAL, Role.COMPARATOR))
            state_fact(trial, kind, value, role=role, basis=random.choice(("record", "rule")))


def random_question(random: Random) -> str:
    pairs: list[tuple[str, str]] = []
    for name in random.sample([*VALUES], random.choice((0, 1, 2, 3))):
        values = random.sample(VALUES[name], random.choice((1, 1, 2)))
        pairs += [(name, value) for value in values]
    for name in random.sample([*SINGLE], random.choice((0, 0, 1))):
        pairs.append((name, random.choice(SINGLE[name])))
    return urlencode(pairs)
