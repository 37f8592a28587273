"""The engine beside ordinary ORM filtering: the same trials, the same counts, whatever is asked."""

import os
from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.filters import ask
from tests.builders import make_site, make_trial
from tests.trials.search.catalogues import SINGLE, VALUES, grow_catalogue
from tests.trials.search.plain import clicked, matching
from trials.models import Fact, Site, Sponsor, Trial, TrialPhase, TrialSponsor
from trials.search import FACETS, Question, Terms, current
from trials.search.index import build
from trials.search.log import news

EXAMPLES = settings(
    # What differs between the databases shows in fewer; FUZZ=1 takes as many on PostgreSQL.
    max_examples=1000 if connection.vendor == "sqlite" or "FUZZ" in os.environ else 100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

several = st.fixed_dictionaries(
    {},
    optional={
        name: st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)
        for name, values in VALUES.items()
    },
)
single = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in SINGLE.items()}
)
questions = st.builds(
    lambda several, single: urlencode({**several, **single}, doseq=True),
    several.filter(lambda asked: len(asked) <= 4),
    single.filter(lambda asked: len(asked) <= 2),
)


@pytest.fixture
def terms(transactional_db: None) -> Terms:
    # Committed: of what is not, PostgreSQL makes the index anew for every question.
    grow_catalogue(Random(5), 60)
    return Terms()


@EXAMPLES
@given(questions)
def test_the_engine_finds_what_ordinary_filtering_finds(terms: Terms, question: str) -> None:
    asked = ask(QueryDict(question), terms=terms)
    assert asked.faults == ()
    plain = matching(Question(asked.values, terms)).values_list("pk", flat=True)
    assert sorted(asked.trials.keys) == sorted(plain)


@EXAMPLES
@given(questions, st.sampled_from(FACETS))
def test_a_facet_counts_what_clicking_it_gives(terms: Terms, question: str, facet: str) -> None:
    asked = ask(QueryDict(question), terms=terms)
    rows = [(row.value, row.count) for row in asked.facets()[facet]]
    expected = clicked(Question(asked.values, terms), facet, [value for value, _count in rows])
    assert rows == [*expected.items()]


@EXAMPLES
@given(
    questions,
    st.sampled_from(["-updated", "updated", "start", "-start", "enrollment", "-enrollment"]),
)
def test_an_order_is_total_and_what_is_unknown_comes_last(
    terms: Terms, question: str, ordering: str
) -> None:
    keys = ask(QueryDict(f"{question}&ordering={ordering}"), terms=terms).trials.keys
    column = {"updated": "last_updated", "start": "start_earliest"}.get(
        ordering.removeprefix("-"), "enrollment_count"
    )
    rows = Trial.objects.filter(pk__in=keys).values_list(column, "number", "pk")
    known = sorted((row for row in rows if row[0] is not None), key=lambda row: row[1])
    known.sort(key=lambda row: row[0], reverse=ordering.startswith("-"))
    unknown = sorted((row for row in rows if row[0] is None), key=lambda row: row[1])
    assert keys == [row[2] for row in (*known, *unknown)]


# --- Changes, by whatever door

EDITS: list[Callable[[Random, Trial], object]] = [
    lambda random, trial: Trial.objects.filter(pk=trial.pk).update(status="COMPLETED"),
    lambda random, trial: Trial.objects.filter(pk=trial.pk).update(screening="excluded"),
    lambda random, trial: Trial.objects.update(screening="included"),
    lambda random, trial: Trial.objects.filter(pk=trial.pk).update(enrollment_count=7),
    lambda random, trial: TrialPhase.objects.filter(trial=trial).delete(),
    lambda random, trial: Site.objects.filter(trial=trial).delete(),
    lambda random, trial: make_site(trial, random.choice(("CN", "US"))),
    lambda random, trial: Fact.objects.filter(trial=trial).update(shown=False),
    lambda random, trial: TrialSponsor.objects.filter(trial=trial).delete(),
    lambda random, trial: Sponsor.objects.update(sponsor_class=random.choice(("INDUSTRY", "NIH"))),
    lambda random, trial: Trial.objects.filter(pk=trial.pk).delete(),
    lambda random, trial: make_trial(title=random.choice("abc"), countries=("CN",)),
    lambda random, trial: _by_hand(trial),
]


def _by_hand(trial: Trial) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE trials_trial SET title = 'By hand' WHERE id = %s", [trial.pk])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(3))
def test_an_index_that_followed_every_edit_is_the_one_that_is_made_anew(seed: int) -> None:
    random = Random(seed)
    grow_catalogue(random, 12)
    for _ in range(40):
        trials = [*Trial.objects.all()]
        if trials:
            random.choice(EDITS)(random, random.choice(trials))
        followed, anew = current().index, build(current().index.moment)
        assert _content(followed) == _content(anew)


def _content(index: Any) -> dict[str, Any]:
    """All that an index says, by the trials' keys and not by their places."""
    keys = index.keys.tolist()
    orders = ("-updated", "start", "-enrollment", "title", "number")
    return {
        "trials": sorted(keys[place] for place in index.live),
        "having": {
            (parameter, key): sorted(keys[place] for place in places)
            for parameter, sets in index.having.items()
            for key, places in sets.items()
            if places
        },
        "columns": {
            name: {keys[place]: int(column[place]) for place in index.live}
            for name, column in index.columns.items()
        },
        "orders": {
            name: [keys[place] for place in index.in_order(index.live, name)] for name in orders
        },
    }


@pytest.mark.django_db(transaction=True)
def test_nothing_that_is_not_committed_stays_in_the_index() -> None:
    make_trial("NCT00000001")
    assert len(ask(QueryDict()).trials) == 1
    with transaction.atomic():
        make_trial("NCT00000002")
        assert len(ask(QueryDict()).trials) == 2
        transaction.set_rollback(True)
    assert len(ask(QueryDict()).trials) == 1


@pytest.mark.django_db(transaction=True)
def test_the_log_tells_what_came_since_a_moment_and_that_alone() -> None:
    first, second = make_trial(), make_trial()
    told = news("default")
    assert told is not None
    since = told.moment
    Trial.objects.filter(pk=second.pk).update(note="x")
    later = news("default", since)
    assert later is not None
    assert (later.trials, later.vocabularies) == ({second.pk}, False)
    assert first.pk not in later.trials
