"""The schema as it is served against the API as it answers: every check of schemathesis."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.builders import make_change, make_claim, make_document
from tests.catalog.api.test_trials import full_trial

ROOT = Path(__file__).parents[3]
EXAMPLES = 10  # random questions an address, right ones and wrong ones
OPTIONS = (
    *("--checks", "all"),
    *("--max-examples", str(EXAMPLES), "--seed", "1", "--no-color", "--warnings", "off"),
    *("--generation-database", "none", "--suppress-health-check", "all", "--continue-on-failure"),
)
KINDS = ("trials/", "trials/{number}/", "sponsors/", "countries/{code}/", "changes/", "status/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("phases", "addresses"),
    [
        # Every parameter's bounds, one by one, and every wrong method: an address of each kind.
        ("examples,coverage", KINDS),
        ("fuzzing,stateful", ()),
    ],
)
def test_no_check_of_schemathesis_fails(
    live_server: Any, tmp_path: Path, phases: str, addresses: tuple[str, ...]
) -> None:
    if connection.vendor == "postgresql" and "FUZZ" not in os.environ:
        pytest.skip("once is enough in each run of the tests; FUZZ=1 fuzzes PostgreSQL too")
    trial = full_trial("NCT03166865")
    make_change(trial)
    make_claim(make_document("chinese-hospital-list")).trials.add(trial)
    command = [sys.executable, "-m", "schemathesis.cli"]
    command += ["--config-file", str(ROOT / "schemathesis.toml"), "run", *OPTIONS]
    command += ["--phases", phases]
    for address in addresses:
        command += ["--include-path", f"/api/v1/{address}"]
    done = subprocess.run(
        [*command, f"{live_server.url}/api/v1/schema/"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
