"""The registry's closed lists and the catalogue's are the same lists."""

import pytest

from trials import vocabulary
from trials.registry import enums


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
    ],
)
def test_what_the_registry_may_say_is_what_we_know(registered, ours):
    assert set(registered) == set(ours.values)
