"""The command: one JSON object, words apart from it, and exit codes that mean something."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.records import study_record

pytestmark = pytest.mark.usefixtures("vocabularies")

KEYS = (
    "status fetched expected created changed unchanged screened_out gone skipped seconds requests"
)


def run(*arguments: str) -> tuple[dict[str, object], int]:
    out, code = io.StringIO(), 0
    try:
        call_command("refresh", "--json", *arguments, stdout=out, stderr=io.StringIO())
    except SystemExit as stop:
        code = int(str(stop.code))
    return json.loads(out.getvalue()), code


def test_a_folder_of_records_is_read(tmp_path):
    for number in ("NCT90000001", "NCT90000002"):
        (tmp_path / f"{number}.json").write_text(json.dumps(study_record(number)))

    printed, code = run("--from", str(tmp_path))

    assert (printed["status"], printed["created"], code) == ("complete", 2, 0)
    assert set(KEYS.split()) <= set(printed)


def test_a_damaged_file_is_named_and_the_rest_is_loaded(tmp_path):
    (tmp_path / "a.json").write_text("{")
    (tmp_path / "b.json").write_text(json.dumps(study_record("NCT90000002")))

    printed, code = run("--from", str(tmp_path))

    assert [row["id"] for row in printed["skipped"]] == ["a.json"]
    assert (printed["created"], code) == (1, 0)


def test_numbers_are_asked_for_in_any_spelling(registry_stand_in, settings):
    settings.REGISTRY_URL, settings.REGISTRY_INTERVAL = registry_stand_in.url, 0
    registry_stand_in.add(study_record("NCT90000001"))

    printed, code = run("--ids", "nct90000001")

    assert (printed["fetched"], printed["expected"], code) == (1, 1, 0)


def test_an_incomplete_run_exits_with_1(settings, monkeypatch):
    monkeypatch.setattr("trials.registry.client.FIRST_PAUSE", 0)
    settings.REGISTRY_URL, settings.REGISTRY_INTERVAL = "http://127.0.0.1:9", 0

    printed, code = run("--ids", "NCT90000001")

    assert (printed["status"], code) == ("failed", 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--ids", "ABC123"], "write it as NCT03166865"),
        (["--from", "/nowhere"], "no such file"),
        (["--query", "unheard-of"], "There is no stored query"),
        (["--from", "/nowhere", "--ids", "NCT90000001"], "only one of"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_is_right(arguments, words):
    with pytest.raises(CommandError, match=words) as refused:
        call_command("refresh", *arguments)

    assert refused.value.returncode == 2
