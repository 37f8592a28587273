"""The examples under docs/ do what they say, against a server that runs."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.builders import make_trial
from tests.writers import wait_for_earlier_writers
from trials.models import Trial

EXAMPLES = Path(settings.BASE_DIR) / "docs" / "examples"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _trials() -> None:
    make_trial("NCT00000001", sources=("adipose",), countries=("CN",), title="Fat, for knees")
    make_trial("NCT00000002", sources=("adipose",), countries=("US",))
    make_trial("NCT00000003", sources=("bone-marrow",), countries=("CN",))


def run(server: Any, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SITE": server.url}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.usefixtures("_trials")
def test_python_finds_the_trials_of_a_source_in_a_country(live_server: Any, tmp_path: Path) -> None:
    done = run(live_server, tmp_path, sys.executable, str(EXAMPLES / "trials.py"), "adipose", "CN")
    assert done.returncode == 0, done.stderr
    assert set(re.findall("NCT[0-9]{8}", done.stdout)) == {"NCT00000001"}
    assert "Fat, for knees" in done.stdout


@pytest.mark.usefixtures("_trials")
def test_python_says_what_was_misspelt(live_server: Any, tmp_path: Path) -> None:
    done = run(live_server, tmp_path, sys.executable, str(EXAMPLES / "trials.py"), "adipos", "CN")
    assert done.returncode == 1
    assert "“adipos” is no value of “cell_source”." in done.stderr


@pytest.mark.usefixtures("_trials")
def test_python_goes_through_all_pages(live_server: Any, tmp_path: Path) -> None:
    text = (EXAMPLES / "trials.py").read_text().replace('"page_size": 1000', '"page_size": 2')
    for number in range(4, 9):
        make_trial(f"NCT0000000{number}", sources=("adipose",), countries=("CN",))
    (tmp_path / "small.py").write_text(text)
    done = run(live_server, tmp_path, sys.executable, "small.py", "adipose", "CN")
    assert len(set(re.findall("NCT[0-9]{8}", done.stdout))) == 6


@pytest.mark.usefixtures("_trials")
def test_a_copy_that_python_keeps_follows_the_catalogue(live_server: Any, tmp_path: Path) -> None:
    command = (sys.executable, str(EXAMPLES / "follow.py"), "copy.json")
    assert run(live_server, tmp_path, *command).stdout == "3 trials\n"
    Trial.objects.filter(number="NCT00000001").update(title="Renamed")
    Trial.objects.get(number="NCT00000002").delete()
    assert run(live_server, tmp_path, *command).stdout == "2 trials\n"
    copy = json.loads((tmp_path / "copy.json").read_text())
    titles = [trial["title"]["en"] for trial in copy["trials"].values()]
    assert titles == ["Renamed", "Trial NCT00000003"]


@pytest.mark.usefixtures("_trials")
def test_curl_gets_a_page_and_the_second_time_only_hears_that_it_holds(
    live_server: Any, tmp_path: Path
) -> None:
    if not shutil.which("curl"):
        pytest.skip("no curl on this machine")
    command = ("sh", str(EXAMPLES / "trials.sh"), "adipose", "CN")
    wait_for_earlier_writers()
    first = run(live_server, tmp_path, *command)
    assert [row["id"] for row in json.loads(first.stdout)["results"]] == ["NCT00000001"]
    etag = (tmp_path / "trials.etag").read_text()
    second = run(live_server, tmp_path, *command)
    assert second.stdout == first.stdout
    assert (tmp_path / "trials.etag").read_text() == etag


@pytest.mark.usefixtures("_trials")
def test_r_finds_the_trials_of_a_source_in_a_country(live_server: Any, tmp_path: Path) -> None:
    rscript = shutil.which("Rscript")
    if not rscript:
        pytest.skip("no R on this machine")
    if run(live_server, tmp_path, rscript, "-e", "library(jsonlite)").returncode:
        pytest.skip("R has no package jsonlite on this machine")
    done = run(live_server, tmp_path, rscript, str(EXAMPLES / "trials.R"), "adipose", "CN")
    assert done.returncode == 0, done.stderr
    assert set(re.findall("NCT[0-9]{8}", done.stdout)) == {"NCT00000001"}


def test_the_page_about_the_examples_names_each_of_them() -> None:
    text = (EXAMPLES / "README.md").read_text()
    names = {path.name for path in EXAMPLES.iterdir()} - {"README.md"}
    assert {name for name in names if f"]({name})" in text} == names
