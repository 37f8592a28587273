"""`manage.py export`: whole files or none, words for people, an object for programs."""

import csv
import hashlib
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from catalog.exports import files
from catalog.exports.files import FORMS, OFFERED, offered, stored_name
from tests.builders import make_trial
from tests.catalog.exports.catalogues import make_catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EXPORTS = tmp_path / "var" / "exports"
    settings.EXPORTS.parent.mkdir()
    make_catalogue()
    return Path(settings.EXPORTS)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def run(*arguments: Any) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("export", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def api(client: Client) -> Any:
    return client.get("/api/v1/trials/?page_size=1000").json()["results"]


def same(written: list[dict[str, Any]], listed: list[dict[str, Any]]) -> bool:
    """The same objects; a command knows no request, so that addresses begin otherwise."""
    return [{**one, "url": ""} for one in written] == [{**one, "url": ""} for one in listed]


def test_json_lines_and_json_have_the_apis_objects(client: Client, tmp_path: Path) -> None:
    lines, whole = tmp_path / "a.ndjson", tmp_path / "a.json"
    run("--format", "ndjson", "--out", lines)
    run("--format", "json", "--out", whole)
    written = [json.loads(line) for line in lines.read_bytes().split(b"\n") if line]
    assert same(written, api(client))
    assert json.loads(whole.read_bytes()) == {"count": 2, "results": written}


def test_csv_is_one_table(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    run("--format", "csv", "--out", path)
    text = path.read_text("utf-8-sig")
    assert [row["id"] for row in csv.DictReader(io.StringIO(text))] == ["NCT00000001", "SCT-0002"]


def test_a_text_goes_to_standard_output_where_no_file_is_named(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    call_command("export", "--format", "ndjson")
    out, err = capfdbinary.readouterr()
    assert len([json.loads(line) for line in out.split(b"\n") if line]) == 2
    assert err == b""  # no bar where there is no terminal


def test_an_object_for_programs_says_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    out, err = run("--format", "sqlite", "--out", path, "--json")
    (file,) = json.loads(out)["files"]
    assert (file["form"], file["rows"]) == ("sqlite", 2)
    assert file["bytes"] == path.stat().st_size
    assert file["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert err == f"a.sqlite3: 2 trials, {file['bytes']} bytes, {file['sha256']}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "sqlite"], "name it with --out"),
        (["--format", "csv-bundle"], "name it with --out"),
        (["--format", "csv", "--json"], "write --out FILE"),
        (["--out", "x.csv"], "--out needs --format"),
        (["--format", "csv", "--out", "/no/such/folder/x.csv"], "a folder that exists"),
        (["--format", "csv", "--out", "/"], "a folder that exists"),
    ],
)
def test_wrong_usage_is_told_with_exit_code_2(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words) as refused:
        run(*arguments)
    assert refused.value.returncode == 2


def test_the_file_of_before_stays_where_the_new_one_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("before")
    for error, told in ((OSError("No space left"), "No space left"), (KeyboardInterrupt(), "Stop")):

        def failing(*args: Any, error: BaseException = error) -> None:
            raise error

        monkeypatch.setattr("catalog.exports.twins.rows.row", failing)
        with pytest.raises(CommandError, match=told) as failed:
            run("--format", "csv", "--out", path)
        assert failed.value.returncode == 1
        assert path.read_text() == "before"
        assert names(tmp_path) == {"var", "a.csv"}


# --- The files that the site offers


def test_without_a_form_all_that_is_offered_is_made_of_one_moment(folder: Path) -> None:
    out, _err = run("--json")
    made = json.loads(out)["files"]
    assert [file["form"] for file in made] == list(OFFERED)
    assert len({file["made_at"] for file in made}) == 1
    assert [file.file_name for file in offered()] == [FORMS[name].file_name for name in OFFERED]
    for file in offered():
        path = folder / stored_name(file)
        assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_next_export_takes_the_place_of_the_last(folder: Path) -> None:
    run()
    before = {stored_name(file) for file in offered()}
    (folder / ".stem-cell-trials.csv.1.part").write_text("of a killed one")
    make_trial("NCT00000005")
    run()
    now = {stored_name(file) for file in offered()}
    assert not before & now
    assert names(folder) == {*now, ".lock", "manifest.json"}


def test_what_was_offered_stays_where_an_export_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    before = offered()
    make_trial("NCT00000005")

    def failing(*args: Any) -> None:
        raise OSError("No space left")

    monkeypatch.setattr("catalog.exports.twins.rows.row", failing)
    with pytest.raises(CommandError):
        run()
    assert offered() == before


def test_two_exports_do_not_work_in_one_folder(folder: Path) -> None:
    folder.mkdir()
    with files._alone(folder), pytest.raises(CommandError, match="another export is at work"):
        run()


@pytest.mark.parametrize("manifest", ["", "{}", "[{}]", '[{"form": "csv"}]', "[1]", "\xff"])
def test_a_list_of_files_that_cannot_be_read_offers_none(folder: Path, manifest: str) -> None:
    folder.mkdir()
    (folder / "manifest.json").write_bytes(manifest.encode("latin-1"))
    assert offered() == []


def test_a_file_that_is_gone_is_not_offered(folder: Path) -> None:
    run()
    (folder / stored_name(offered()[0])).unlink()
    assert [file.form for file in offered()] == list(OFFERED[1:])


def test_the_database_can_be_opened(folder: Path) -> None:
    run()
    connection = sqlite3.connect(folder / stored_name(offered()[0]))
    assert connection.execute("SELECT count(*) FROM trials").fetchone() == (2,)
    connection.close()
