"""`manage.py evaluate`: labels and records in, scores out; what does not fit is named."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.records import study_record

LABEL = {
    "nct_id": "NCT90000001",
    "cell_therapy": "yes",
    "sources": ["bone-marrow"],
    "sources_comparator": [],
    "donor": "allogeneic",
    "preparation": "not-stated",
    "routes": [],
    "doses": [],
    "administrations": 1,
    "indications": ["knee-osteoarthritis"],
    "quote": "",
    "hard": False,
}


@pytest.fixture
def folder(tmp_path):
    deep = tmp_path / "records" / "deep"
    deep.mkdir(parents=True)
    for number in ("NCT90000001", "NCT90000002"):
        (deep / f"{number}.json").write_text(json.dumps(study_record(number)), "utf-8")
    return tmp_path


def run(folder, *labels) -> tuple[dict, str]:
    return run_on(folder, "\n".join(map(json.dumps, labels)).encode())


def run_on(folder, content: bytes) -> tuple[dict, str]:
    path = folder / "labels.jsonl"
    path.write_bytes(content)
    out, err = io.StringIO(), io.StringIO()
    records = str(folder / "records")
    call_command("evaluate", str(path), "--records", records, "--json", stdout=out, stderr=err)
    return json.loads(out.getvalue()), err.getvalue()


def refusal(folder, content: bytes) -> str:
    with pytest.raises(CommandError) as error:
        run_on(folder, content)
    assert error.value.returncode == 1
    return str(error.value)


def test_scores_are_given_by_field_and_differences_one_by_one(folder):
    report, words = run(folder, LABEL)

    assert report["n"] == 1
    assert list(report["fields"]) == list(LABEL)[1:10]
    assert report["fields"]["sources"] == {"precision": 1, "recall": 1, "f1": 1, "n": 1}
    (difference,) = [one for one in report["disagreements"] if one["field"] == "donor"]
    assert (difference["nct_id"], difference["label"]) == ("NCT90000001", "allogeneic")
    assert "donor" in words


def test_a_label_without_a_record_is_named(folder):
    with pytest.raises(CommandError, match=r"labels.jsonl, line 2: no record of NCT90000003"):
        run(folder, LABEL, LABEL | {"nct_id": "NCT90000003"})


def test_a_label_that_lacks_a_field_is_named(folder):
    with pytest.raises(CommandError, match=r"line 1 lacks donor"):
        run(folder, {name: value for name, value in LABEL.items() if name != "donor"})


GOOD = json.dumps(LABEL).encode()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param(b"{", "at column 2", id="broken off"),
        pytest.param(b'{"nct_id": NaN}', "NaN is no JSON value", id="no JSON number"),
        pytest.param(b'{"nct_id": "\xe9"}', "byte 13 is not UTF-8", id="Latin-1"),
        pytest.param(b"[" * 200_000, "nested too deeply", id="deep"),
        pytest.param(b"9" * 5000, "4300 digits", id="long number"),
    ],
)
def test_a_line_that_is_no_json_is_named(folder, line, why):
    words = refusal(folder, GOOD + b"\n\n" + line)

    assert words.startswith("labels.jsonl, line 3 is no JSON (")
    assert why in words
    assert words.endswith("write one JSON object a line, in UTF-8")


def test_a_file_in_another_encoding_is_named(folder):
    assert "line 1 is no JSON (byte 1 is not UTF-8)" in refusal(folder, GOOD.decode().encode("u16"))


@pytest.mark.parametrize("content", [b"", b"\n \r\n", b"\xef\xbb\xbf"])
def test_labels_without_a_label_are_not_perfect(folder, content):
    assert refusal(folder, content) == (
        "labels.jsonl holds no label: write one JSON object a line, one a trial"
    )


@pytest.mark.parametrize(
    ("line", "kind"),
    [("5", "a number"), ("null", "null"), ('"nct_id"', "text"), ("[]", "a list")],
)
def test_a_line_that_is_no_object_is_named(folder, line, kind):
    words = refusal(folder, line.encode())

    assert f"labels.jsonl, line 1 is {kind}: write a JSON object with nct_id, cell_ther" in words


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"nct_id": [1]}, "has a list as nct_id: write text in quotes"),
        ({"nct_id": "x"}, "has “x” as nct_id: write a number such as NCT03166865"),
        ({"nct_id": "SCT-0001"}, "has “SCT-0001” as nct_id: write a number such as NCT03166865"),
        ({"nct_id": "nct 90000001"}, "has “nct 90000001” as nct_id: write NCT90000001"),
        ({"cell_therapy": True}, "has a boolean as cell_therapy: write text in quotes"),
        ({"sources": None}, "has null as sources: write a list of texts in quotes, [] for none"),
        ({"sources_comparator": {}}, "has an object as sources_comparator: write a list of texts"),
        ({"donor": [1]}, "has a list as donor: write text in quotes"),
        ({"preparation": None}, "has null as preparation: write text in quotes"),
        ({"routes": [{}]}, "has an object in routes: write a list of texts"),
        ({"routes": "topical"}, "has text as routes: write a list of texts"),
        ({"doses": ["2e7", 2e7]}, "has a decimal number in doses: write a list of texts"),
        ({"administrations": "1"}, "has text as administrations: write a whole number, or null"),
        ({"administrations": True}, "has a boolean as administrations: write a whole number"),
        ({"administrations": 1.5}, "has a decimal number as administrations: write a whole number"),
        ({"indications": [[]]}, "has a list in indications: write a list of texts"),
        ({"quote": 5}, "has a number as quote: write text in quotes"),
        ({"hard": "yes"}, "has text as hard: write true or false"),
        ({"why": []}, "has a list as why: write text in quotes"),
        ({"why": "\ud800"}, "has half a character in why: write no"),
        ({"doses": ["\udfff"]}, "has half a character in doses: write no"),
    ],
)
def test_a_value_of_the_wrong_type_is_named(folder, wrong, words):
    content = GOOD + b"\n" + json.dumps(LABEL | {"nct_id": "NCT90000002"} | wrong).encode()

    assert f"labels.jsonl, line 2 {words}" in refusal(folder, content)


def test_a_trial_labelled_twice_is_named(folder):
    assert refusal(folder, GOOD + b"\n\n" + GOOD) == (
        "labels.jsonl, line 3 labels NCT90000001, as line 1 does: keep one of the two"
    )


def test_a_byte_order_mark_and_line_ends_of_windows_are_read(folder):
    second = json.dumps(LABEL | {"nct_id": "NCT90000002"}).encode()

    report, _words = run_on(folder, b"\xef\xbb\xbf" + GOOD + b"\r\n" + second + b"\r\n")

    assert report["n"] == 2


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85"])
def test_a_line_separator_within_a_text_ends_no_line(folder, sign):
    label = LABEL | {"why": f"one{sign}two"}

    report, _words = run_on(folder, json.dumps(label, ensure_ascii=False).encode())

    assert report["disagreements"][0]["why"] == f"one{sign}two"


def test_remarks_may_be_left_out(folder):
    bare = {name: LABEL[name] for name in list(LABEL)[:10]}

    assert run(folder, bare)[0]["n"] == 1
    assert run(folder, bare | {"quote": None, "hard": None, "why": None})[0]["n"] == 1


def test_a_share_of_nothing_is_a_dash_in_words_and_a_number_in_json(folder):
    report, words = run(folder, LABEL | {"routes": ["topical"], "sources": []})

    rows = {row[0]: row[1:] for row in map(str.split, words.splitlines()) if len(row) == 4}
    assert rows["sources_comparator"] == ["–", "–", "–"]  # neither labelled nor read
    assert rows["sources"] == ["0.000", "–", "0.000"]  # read alone
    assert report["fields"]["sources_comparator"] == {"precision": 1, "recall": 1, "f1": 1, "n": 1}


def test_a_folder_of_labels_is_wrong_usage(folder):
    with pytest.raises(CommandError, match="is a folder: name one file of labels") as error:
        call_command("evaluate", str(folder), "--records", str(folder), stderr=io.StringIO())

    assert error.value.returncode == 2


def test_labels_that_may_not_be_read_are_named(folder, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)

    assert refusal(folder, GOOD) == (
        "labels.jsonl could not be read (Permission denied): name a file that you may read"
    )


def test_a_missing_file_is_wrong_usage(folder):
    with pytest.raises(CommandError) as error:
        call_command("evaluate", "nowhere.jsonl", "--records", str(folder), stderr=io.StringIO())

    assert error.value.returncode == 2
