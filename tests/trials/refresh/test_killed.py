"""kill -9 at any moment, then again: the end is the same as of a run that nobody disturbed."""

import os
import random
import signal
import time
from contextlib import suppress

import pytest
from django.db import connection

from tests.records import study_record
from tests.refreshing import database_url, refreshing
from tests.stand_in import Fault
from trials.models import HarvestQuery

STUDIES = 150


@pytest.fixture
def registry(registry_stand_in):
    """Two queries' worth of studies of some sponsors, one known under an older number."""
    for n in range(1, STUDIES + 1):
        kind = ("Marrow", "Adipose")[n % 2]
        registry_stand_in.add(
            study_record(
                f"NCT9{n:07d}",
                identificationModule={"briefTitle": f"{kind} cells for knees, part {n}"},
                sponsorCollaboratorsModule={"leadSponsor": {"name": f"Sponsor {n % 17}"}},
            )
        )
    return registry_stand_in


@pytest.fixture
def kills(request) -> int:
    """Few in each run of the tests; KILLS=20 makes it the trial that it should be once."""
    return int(os.environ.get("KILLS", "4"))


@pytest.fixture
def other(transactional_db, vocabularies, registry, tmp_path):
    """A process that refreshes the test's own database, or a copy of it."""
    for words in ("marrow", "adipose"):
        HarvestQuery.objects.create(name=words, titles=words)
    with refreshing(database_url(connection, tmp_path), registry.url) as other:
        yield other


def test_a_killed_run_that_is_begun_again_ends_as_if_undisturbed(other, kills):
    other.begin()
    whole = other.end()
    undisturbed = other.state()
    other.wipe()
    moments = random.Random(seed := random.randrange(10**6))

    for _ in range(kills):
        child = other.begin()
        time.sleep(moments.uniform(0, whole["seconds"]))
        with suppress(ProcessLookupError):  # it was done already
            os.kill(child, signal.SIGKILL)
        other.end()
    other.begin()
    last = other.end()

    assert (whole["status"], len(undisturbed["trials"])) == ("complete", STUDIES)
    assert last["status"] == "complete", (seed, last["message"])
    assert other.state() == undisturbed, seed


def test_of_two_refreshes_at_once_one_works_and_one_explains(other, registry):
    registry.faults = [Fault("delay", seconds=25)]  # until the other one has had its turn
    first = other.begin()

    with refreshing(other.database_url, registry.url) as another:
        another.begin()
        refused = another.end()
    registry.told.set()
    worked = other.end()

    assert worked["status"] == "complete"
    assert refused["status"] == "refused"
    assert f"process {first}" in refused["message"]
