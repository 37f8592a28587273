"""A broken file says which entry is wrong, why, and what would be right; all faults at once."""

from pathlib import Path

import pytest

from tests.trials.seeding.conftest import FOLDER
from trials.seeding import BrokenFixturesError, read_fixtures

LIST = "trials/chinese-list.toml"
OTHERS = "trials/other-documents.toml"
ROW_1 = f'fixtures/{LIST}: trial "NCT03975101"'


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(BrokenFixturesError) as failure:
        read_fixtures(folder)
    return failure.value.faults


def replace_first(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_projects_own_files_have_no_fault():
    read_fixtures(FOLDER)


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        (
            LIST,
            'basis = "record"',
            'basis = "recrod"',
            f"{ROW_1}, facts[0].basis: “recrod” is not known, did you mean “record”?"
            " (allowed: record, document, inferred)",
        ),
        (
            LIST,
            'basis = "record"',
            'basis = "curator"',
            f"{ROW_1}, facts[0].basis: “curator” is not known"
            " (allowed: record, document, inferred)",
        ),
        (
            LIST,
            'value = "peripheral-blood"',
            'value = "perpheral-blood"',
            f"{ROW_1}, facts[0].value: “perpheral-blood” is no cell source,"
            " did you mean “peripheral-blood”?",
        ),
        (
            LIST,
            'value = "autologous"',
            'value = "autologus"',
            f"{ROW_1}, facts[1]: value: “autologus” is no donor_type"
            " (allowed: autologous, allogeneic, xenogeneic)",
        ),
        (
            LIST,
            'value = "6e4"',
            'value = "60 000"',
            f"{ROW_1}, facts[3]: value: “60 000” is no dose: write 2e7, 1e7-2e7 or 1e6/kg",
        ),
        (
            LIST,
            'quote = "VSELs come from the patient\'s peripheral blood"\n',
            "",
            f"{ROW_1}, facts[0]: quote: is missing, or the place where it stands",
        ),
        (
            LIST,
            'note = "The record does not name the donor. Cells of an umbilical cord given to an'
            ' adult come from somebody else."\n',
            "",
            f'fixtures/{LIST}: trial "NCT06082440", facts[1]: note: is missing:'
            " say why it was inferred",
        ),
        (
            LIST,
            'status = "WITHDRAWN"',
            'status = "WITHDRAWNN"',
            f"{ROW_1}, status: “WITHDRAWNN” is not known, did you mean “WITHDRAWN”?"
            " (allowed: RECRUITING, NOT_YET_RECRUITING, ENROLLING_BY_INVITATION,"
            " ACTIVE_NOT_RECRUITING, COMPLETED, SUSPENDED, TERMINATED, WITHDRAWN, UNKNOWN,"
            " AVAILABLE, NO_LONGER_AVAILABLE, TEMPORARILY_NOT_AVAILABLE, APPROVED_FOR_MARKETING,"
            " WITHHELD)",
        ),
        (
            LIST,
            "start = { date = \"2019-07-05\" }",
            "start = { date = \"05.07.2019\" }",
            f"{ROW_1}, start.date: “05.07.2019” is no date: write 2016, 2016-03 or 2016-03-15.",
        ),
        (
            LIST,
            "enrollment = { count = 0,",
            "enrollment = { count = -1,",
            f"{ROW_1}, enrollment.count: “-1”: Input should be greater than or equal to 0",
        ),
        (
            LIST,
            'number = "NCT03975101"',
            'number = "NCT0397510"',
            f'fixtures/{LIST}: trial "NCT0397510", number: “NCT0397510” has not the shape'
            r" ^(NCT\d{8}|SCT-\d{4,})$",
        ),
        (
            LIST,
            'number = "NCT03975101"\nregistry = "ClinicalTrials.gov"',
            'number = "NCT03975101"',
            f"{ROW_1}, registry: an NCT number has one, a number of the catalogue has none",
        ),
        (
            LIST,
            'number = "NCT03975101"\n',
            "",
            f"fixtures/{LIST}: trial no. 1, number: is missing",
        ),
        (
            LIST,
            'sponsor = "fuda-cancer-hospital-guangzhou"',
            'sponsors = "fuda-cancer-hospital-guangzhou"',
            f"{ROW_1}, sponsors: is not known here, did you mean “sponsor”?",
        ),
        (
            LIST,
            'sponsor = "fuda-cancer-hospital-guangzhou"',
            'sponsor = "fuda-cancer-hospital"',
            f"{ROW_1}, sponsor: “fuda-cancer-hospital” is no sponsor,"
            " did you mean “fuda-cancer-hospital-guangzhou”?",
        ),
        (
            LIST,
            'country = "CN"',
            'country = "China"',
            f"{ROW_1}, sites[0].country: “China” is no country code",
        ),
        (
            LIST,
            "position = 2\n",
            "position = 1\n",
            f'fixtures/{LIST}: trial "NCT03969680", mentions: “chinese-hospital-list, row 1”'
            f" stands already in {ROW_1}",
        ),
        (
            OTHERS,
            'document = "disc-degeneration-news"',
            'document = "disc-news"',
            f'fixtures/{OTHERS}: trial "NCT03955315", mentions[0].document: “disc-news”'
            " is no document",
        ),
        (
            "cell_sources.toml",
            'parent = "umbilical-cord"',
            'parent = "whartons-jelly"',
            'fixtures/cell_sources.toml: cell_source "whartons-jelly", parent: is below itself',
        ),
        (
            "indications.toml",
            'mesh_id = "D010003"',
            'mesh_id = "10003"',
            'fixtures/indications.toml: indication "osteoarthritis", mesh_id: “10003” has not the'
            r" shape ^D\d{6,9}$",
        ),
        (
            "sponsors.toml",
            'name = "向榮生技"',
            'name = "Yantai Yuhuangding Hospital"',
            'fixtures/sponsors.toml: sponsor "unicocell-biomed", name: “yantai yuhuangding'
            ' hospital” stands already in fixtures/sponsors.toml: sponsor'
            ' "yantai-yuhuangding-hospital"',
        ),
        (
            "products.toml",
            'kind = "withdrawal"',
            'kind = "withdrawn"',
            'fixtures/products.toml: product "chondrocelect", approvals[1].kind: “withdrawn” is not'
            " known, did you mean “withdrawal”?"
            " (allowed: approval, suspension, withdrawal, trial-permission)",
        ),
        (
            "publications.toml",
            'doi = "10.1371/journal.pone.0175449"',
            'doi = "journal.pone.0175449"',
            'fixtures/publications.toml: publication "yubo-2017-meta-analysis", doi:'
            r" “journal.pone.0175449” has not the shape ^10\.\d{4,9}/\S+$",
        ),
        (
            "claims/8761-cases.toml",
            'verdict = "misread"',
            'verdict = "wrong"',
            'fixtures/claims/8761-cases.toml: claim "8761-cases-01", verdict: “wrong” is not known'
            " (allowed: confirmed, misread, contradicted, unverified)",
        ),
        (
            "claims/8761-cases.toml",
            'trials = ["SCT-0002"]',
            'trials = ["SCT-0012"]',
            'fixtures/claims/8761-cases.toml: claim "8761-cases-14", trials[0]: “SCT-0012” is no'
            " trial, did you mean “SCT-0002”?",
        ),
        (
            "documents.toml",
            "[[document]]",
            "[document]",
            "fixtures/documents.toml: is not TOML: Cannot overwrite a value"
            " (at line 15, column 11)",
        ),
        (
            "excluded.toml",
            "[[study]]",
            "[[studies]]",
            "fixtures/excluded.toml: “studies” is not known here (allowed: [[study]])",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_entry_and_reason(copied, file, old, new, fault):
    replace_first(copied, file, old, new)
    assert faults_of(copied) == [fault]


def test_all_faults_are_named_at_once(copied):
    replace_first(copied, LIST, 'basis = "record"', 'basis = "recrod"')
    replace_first(copied, "products.toml", 'kind = "withdrawal"', 'kind = "withdrawn"')
    (copied / "queries.toml").unlink()
    faults = faults_of(copied)
    assert [fault.split(":")[0] for fault in faults] == [
        "fixtures/products.toml",
        f"fixtures/{LIST}",
        "fixtures/queries.toml",
    ]
    assert faults[-1] == "fixtures/queries.toml: is missing"


def test_a_trial_stands_once(copied):
    path = copied / "trials" / "z-again.toml"
    path.write_text((copied / OTHERS).read_text(encoding="utf-8"), encoding="utf-8")
    assert (
        'fixtures/trials/z-again.toml: trial "SCT-0002", number: “SCT-0002” stands already'
        f' in fixtures/{OTHERS}: trial "SCT-0002"'
    ) in faults_of(copied)


def test_a_file_that_is_not_utf_8_is_named(copied):
    (copied / "excluded.toml").write_bytes("title = “Mäuse”".encode("cp1252"))
    assert faults_of(copied) == ["fixtures/excluded.toml: is not UTF-8"]


def test_claims_of_no_document_are_named(copied):
    (copied / "claims" / "joint-pain-therapy.toml").rename(copied / "claims" / "joint-pain.toml")
    faults = faults_of(copied)
    assert faults[0] == (
        'fixtures/claims/joint-pain.toml: claim "joint-pain-therapy-01", file name: “joint-pain”'
        " is no document, did you mean “joint-pain-therapy”?"
    )
