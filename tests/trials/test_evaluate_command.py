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
    path = folder / "labels.jsonl"
    path.write_text("\n".join(map(json.dumps, labels)), "utf-8")
    out, err = io.StringIO(), io.StringIO()
    records = str(folder / "records")
    call_command("evaluate", str(path), "--records", records, "--json", stdout=out, stderr=err)
    return json.loads(out.getvalue()), err.getvalue()


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


def test_a_line_that_is_no_json_is_named(folder):
    (folder / "bad.jsonl").write_text("{", "utf-8")

    with pytest.raises(CommandError, match=r"bad.jsonl, line 1 is no JSON"):
        call_command(
            "evaluate", str(folder / "bad.jsonl"), "--records", str(folder), stderr=io.StringIO()
        )


def test_a_missing_file_is_wrong_usage(folder):
    with pytest.raises(CommandError) as error:
        call_command("evaluate", "nowhere.jsonl", "--records", str(folder), stderr=io.StringIO())

    assert error.value.returncode == 2
