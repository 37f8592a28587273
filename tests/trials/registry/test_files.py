"""Records from files: what can be read is, and what cannot is named."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.records import study_record
from trials.registry.errors import UnusableRecord
from trials.registry.files import read_records

ONE, TWO = study_record("NCT00000001"), study_record("NCT00000002")


def outcomes(path: Path) -> list[tuple[str, Any]]:
    """The pairs read, an UnusableRecord as its reason."""
    return [
        (name, found.reason if isinstance(found, UnusableRecord) else found)
        for name, found in read_records(path)
    ]


def written(path: Path, content: Any) -> Path:
    if not isinstance(content, bytes):
        content = json.dumps(content).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def lines(*values: Any) -> bytes:
    return b"\n".join(json.dumps(value).encode() for value in values) + b"\n"


def test_a_file_of_one_study(tmp_path: Path) -> None:
    path = written(tmp_path / "one.json", ONE)

    assert outcomes(path) == [("one.json", ONE)]


def test_a_study_written_over_many_lines_behind_a_byte_order_mark(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + json.dumps(ONE, indent=2).encode()
    path = written(tmp_path / "one.json", content)

    assert outcomes(path) == [("one.json", ONE)]


@pytest.mark.parametrize("document", [{"studies": [ONE, TWO], "nextPageToken": "x"}, [ONE, TWO]])
def test_a_page_and_a_list_hold_many(tmp_path: Path, document: Any) -> None:
    path = written(tmp_path / "page.json", document)

    assert outcomes(path) == [("page.json, study 1", ONE), ("page.json, study 2", TWO)]


@pytest.mark.parametrize("name", ["all.jsonl", "all.ndjson", "all.json", "all.txt"])
def test_json_lines_are_known_by_their_look(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / name, lines(ONE, TWO))

    assert outcomes(path) == [(f"{name}, line 1", ONE), (f"{name}, line 2", TWO)]


def test_a_compressed_file(tmp_path: Path) -> None:
    path = written(tmp_path / "all.jsonl.gz", gzip.compress(lines(ONE, TWO)))

    assert outcomes(path) == [("all.jsonl.gz, line 1", ONE), ("all.jsonl.gz, line 2", TWO)]


def test_a_compressed_file_that_was_cut_off_gives_what_came_before(tmp_path: Path) -> None:
    whole = gzip.compress(lines(*[ONE] * 50), compresslevel=0)
    path = written(tmp_path / "all.jsonl.gz", whole[:-40])

    *read, last = outcomes(path)

    assert read == [(f"all.jsonl.gz, line {line}", ONE) for line in range(1, len(read) + 1)]
    assert len(read) > 30
    assert last == (
        "all.jsonl.gz",
        "it could not be read: Compressed file ended before the end-of-stream marker was reached",
    )


def test_a_file_that_is_not_compressed_though_its_name_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "one.json.gz", ONE)

    assert outcomes(path) == [
        ("one.json.gz", "it could not be read: Not a gzipped file (b'{\"')"),
    ]


def test_a_bad_line_does_not_stop_the_others(tmp_path: Path) -> None:
    content = lines(ONE) + b'{"protocolSection"\n\n\xff\n[1]\n{"count": NaN}\n' + lines(TWO)
    path = written(tmp_path / "all.jsonl", content)

    assert outcomes(path) == [
        ("all.jsonl, line 1", ONE),
        ("all.jsonl, line 2", "it is not JSON: Expecting ':' delimiter at line 2, column 1"),
        ("all.jsonl, line 4", "byte 1 is not UTF-8"),
        ("all.jsonl, line 5, study 1", "it is no JSON object"),
        ("all.jsonl, line 6", "it is not JSON: NaN is no JSON value"),
        ("all.jsonl, line 7", TWO),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b" \n\n", "it is empty"),
        (b'{"a"', "it is not JSON: Expecting ':' delimiter at line 1, column 5"),
        (b'{\n"a": 1\n', "it is not JSON: Expecting ',' delimiter at line 3, column 1"),
        ("é".encode("latin-1"), "byte 1 is not UTF-8"),
        (b'"words"', "it is no JSON object"),
        (b"12", "it is no JSON object"),
        (b"{}", "it is no study record: it has no protocolSection"),
        (b'{"studies": 3}', "it is no study record: it has no protocolSection"),
        (b"[" * 100_000, "it is nested too deeply"),
    ],
)
def test_a_file_that_holds_no_study_says_why(tmp_path: Path, content: bytes, reason: str) -> None:
    path = written(tmp_path / "bad.json", content)

    assert outcomes(path) == [("bad.json", reason)]


def test_a_number_too_long_to_read(tmp_path: Path) -> None:
    path = written(tmp_path / "bad.json", b"9" * 5000)

    [(_, reason)] = outcomes(path)

    assert reason.startswith("it is not usable JSON: Exceeds the limit")


def test_an_empty_page_holds_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "page.json", {"studies": []})

    assert outcomes(path) == []


def test_a_folder_is_read_with_all_folders_in_it_by_name(tmp_path: Path) -> None:
    written(tmp_path / "b" / "two.json", TWO)
    written(tmp_path / "a.json", ONE)
    written(tmp_path / "c.json", b"{")
    written(tmp_path / "d.json.gz", gzip.compress(json.dumps(ONE).encode()))
    written(tmp_path / "README.md", b"words")
    written(tmp_path / ".hidden.json", TWO)

    assert [name for name, _ in outcomes(tmp_path)] == [
        "a.json",
        "b/two.json",
        "c.json",
        "d.json.gz",
    ]


def test_a_folder_without_records_says_so(tmp_path: Path) -> None:
    assert outcomes(tmp_path) == [
        (str(tmp_path), "the folder holds no file named *.json or *.jsonl"),
    ]


def test_a_path_that_is_not_there_says_so(tmp_path: Path) -> None:
    assert outcomes(tmp_path / "none.json") == [
        ("none.json", "there is no such file or folder"),
    ]


def test_an_unusable_record_names_its_place(tmp_path: Path) -> None:
    path = written(tmp_path / "bad.json", b"")

    [(_, unusable)] = read_records(path)

    assert str(unusable) == "bad.json: it is empty"


def test_json_lines_are_read_one_by_one(tmp_path: Path) -> None:
    path = written(tmp_path / "all.jsonl", lines(ONE) + b"\xff" * 10_000_000)

    assert next(read_records(path)) == ("all.jsonl, line 1", ONE)
