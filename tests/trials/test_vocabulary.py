"""The registry's lists and the catalogue's are the same lists, and new words have room."""

import pytest
from django.apps import apps

from trials import vocabulary
from trials.models.words import RegistryWordField
from trials.registry import enums
from trials.registry.fields import LONGEST_WORD
from trials.vocabulary import RegistryList, spelled


@pytest.mark.parametrize(
    ("registered", "ours"),
    [
        (enums.STATUS, vocabulary.Status),
        (enums.PHASE, vocabulary.Phase),
        (enums.STUDY_TYPE, vocabulary.StudyType),
        (enums.SPONSOR_CLASS, vocabulary.SponsorClass),
        (enums.DATE_TYPE, vocabulary.DateType),
        (enums.ENROLLMENT_TYPE, vocabulary.DateType),
        (enums.ARM_TYPE, vocabulary.ArmType),
        (enums.INTERVENTION_TYPE, vocabulary.InterventionType),
        (enums.SEX, vocabulary.Sex),
        (enums.REFERENCE_TYPE, vocabulary.ReferenceType),
    ],
)
def test_what_the_registry_may_say_is_what_we_know(registered, ours):
    assert set(registered) == set(ours.values)


def test_every_column_of_the_registrys_words_takes_new_ones():
    lists = {tuple(words.choices) for words in RegistryList.__subclasses__()}
    columns = {
        f"{model.__name__}.{column.name}": (type(column), column.max_length)
        for model in apps.get_app_config("trials").get_models()
        for column in model._meta.fields
        if tuple(column.choices or ()) in lists
    }
    assert set(columns.values()) == {(RegistryWordField, LONGEST_WORD)}
    assert set(columns) == {
        "Arm.type", "Intervention.type", "Reference.type", "Site.status", "Sponsor.sponsor_class",
        "Trial.status", "Trial.last_known_status", "Trial.study_type", "Trial.enrollment_type",
        "Trial.start_date_type", "Trial.primary_completion_date_type",
        "Trial.completion_date_type", "Trial.sex", "TrialPhase.phase",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("PAUSED_BY_SPONSOR", "Paused by sponsor"),
        ("PHASE5", "Phase 5"),
        ("NON_RANDOMIZED", "Non randomized"),
        ("_", ""),
        ("", ""),
    ],
)
def test_a_new_word_is_spelled_as_readers_write(word, words):
    assert spelled(word) == words
