"""Similar trials: of the same cells, for the same disease, in the same phase."""

import pytest

from catalog.pages.similar import MOST, similar
from tests.builders import make_fact, make_trial
from trials.models import Trial
from trials.vocabulary import NOT_STATED, FactKind, Role

pytestmark = pytest.mark.django_db

ALIKE = {"sources": ("adipose",), "indications": ("knee-osteoarthritis",), "phases": ("PHASE2",)}


def of(trial: Trial):
    return similar(Trial.objects.for_page().get(pk=trial.pk))


def test_only_trials_that_share_all_three_are_similar_and_never_the_trial_itself():
    trial, other = make_trial(**ALIKE), make_trial(**ALIKE)
    for name, value in {
        "sources": ("bone-marrow",),
        "indications": ("hip-osteoarthritis",),
        "phases": ("PHASE3",),
    }.items():
        make_trial(**{**ALIKE, name: value})
    make_trial(**ALIKE, screening="excluded")

    assert of(trial).trials == [other]


def test_the_addresses_ask_the_same_questions_as_the_list():
    found = of(make_trial(**ALIKE))

    assert found.query == "cell_source=adipose&indication=knee-osteoarthritis&phase=PHASE2"
    assert found.any_phase == "cell_source=adipose&indication=knee-osteoarthritis"
    assert found.indications == ("knee-osteoarthritis",)


def test_trials_of_any_phase_are_like_one_whose_phase_is_not_stated():
    trial, other = make_trial(**{**ALIKE, "phases": ()}), make_trial(**ALIKE)

    found = of(trial)

    assert (found.trials, found.phase, of(other).phase) == ([other], False, True)


def test_a_few_are_shown():
    trials = [make_trial(**ALIKE) for _n in range(MOST + 3)]

    assert len(of(trials[-1]).trials) == MOST


def test_what_is_not_stated_or_given_to_controls_alone_asks_nothing():
    trial = make_trial()
    make_fact(trial, FactKind.INDICATION, NOT_STATED)
    make_fact(trial, FactKind.CELL_SOURCE, "adipose", role=Role.COMPARATOR)

    assert of(trial) is None
