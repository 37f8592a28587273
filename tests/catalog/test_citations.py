"""A trial's citation: as a line, as RIS and as BibTeX, whatever the registry's texts hold."""

import re
from datetime import date

import pytest
from django.test import Client

from catalog.citations import bibtex, citation, ris
from tests.builders import make_sponsor, make_trial
from trials.models import Trial

pytestmark = pytest.mark.django_db

PAGE = "http://127.0.0.1:8000/trials/NCT00000001/"
RECORD = "https://clinicaltrials.gov/study/NCT00000001"
HOSTILE = "Cells\r\nER  - \x00\nTY  - {\\input{x}} 5 % & $ # _ ~ ^ </script>\u2028end\ud7ff"


@pytest.fixture
def trial() -> Trial:
    return make_trial(
        "NCT00000001",
        title="Cells for knees",
        sponsor=make_sponsor("medipost", name="Medipost & Co"),
        last_updated=date(2024, 3, 12),
        brief_summary="* Cells \\> 10\n* Knees",
        conditions=["Osteoarthritis", "Knee"],
    )


def test_a_line_to_copy_names_who_what_where_and_when(trial):
    assert citation(trial).line(date(2026, 3, 15)) == (
        "Medipost & Co. Cells for knees. ClinicalTrials.gov NCT00000001, updated 2024-03-12."
        f" {RECORD} In this catalogue, read on 2026-03-15: {PAGE}"
    )


def test_a_line_says_nothing_of_what_is_not_known():
    line = citation(make_trial("SCT-0001", title="Cells?")).line(date(2026, 3, 15))

    assert line == (
        "Cells? SCT-0001. In this catalogue, read on 2026-03-15:"
        " http://127.0.0.1:8000/trials/SCT-0001/"
    )


def test_ris_has_a_field_a_line(trial):
    assert ris(citation(trial)).split("\r\n") == [
        "TY  - ELEC",
        "TI  - Cells for knees",
        "AU  - Medipost & Co",
        "PY  - 2024",
        "DA  - 2024/03/12",
        "PB  - ClinicalTrials.gov",
        "DB  - ClinicalTrials.gov",
        "AN  - NCT00000001",
        f"UR  - {RECORD}",
        f"N1  - {PAGE}",
        "AB  - Cells > 10 Knees",
        "KW  - Osteoarthritis",
        "KW  - Knee",
        "ER  - ",
        "",
    ]


def test_an_organisation_is_no_person_with_a_first_name_after_the_comma():
    name = "Union Hospital, Tongji Medical College, Huazhong University"
    written = citation(make_trial(sponsor=make_sponsor("union", name=name)))

    assert "AU  - Union Hospital Tongji Medical College Huazhong University\r\n" in ris(written)
    assert f"author = {{{{{name}}}}}" in bibtex(written)


def test_bibtex_escapes_what_tex_would_read(trial):
    assert bibtex(citation(trial)) == (
        "@misc{NCT00000001,\n"
        "  title = {{Cells for knees}},\n"
        "  author = {{Medipost \\& Co}},\n"
        "  year = {2024},\n"
        "  howpublished = {ClinicalTrials.gov},\n"
        "  number = {NCT00000001},\n"
        f"  url = {{{RECORD}}},\n"
        f"  note = {{{PAGE}}},\n"
        "}\n"
    )


def hostile() -> Trial:
    return make_trial(
        "NCT00000001",
        title=HOSTILE.replace("\x00", ""),  # PostgreSQL has no NUL
        sponsor=make_sponsor("bad", name="A\n}\n@misc{x,"),
        brief_summary="a\nER  - \n" * 1_000_000,
        conditions=["x\nER  - ", "", 7],
    )


def test_no_value_can_begin_a_field_of_ris():
    written = ris(citation(hostile()))

    assert re.findall(r"^[A-Z][A-Z0-9]  - ", written, re.MULTILINE) == [
        f"{tag}  - "
        for tag in ("TY", "TI", "AU", "PB", "DB", "AN", "UR", "N1", "AB", "KW", "KW", "ER")
    ]
    assert len(written.splitlines()) == 12
    assert len(written) < 5_000


def test_no_value_can_end_an_entry_of_bibtex():
    written = bibtex(citation(hostile()))

    assert len(written.splitlines()) == 8
    for escaped in ("\\textbackslash{}input\\{x\\}", "5 \\% \\& \\$ \\# \\_ \\textasciitilde{}"):
        assert escaped in written
    assert "author = {{A \\} @misc\\{x,}}" in written


@pytest.mark.parametrize(
    ("end", "kind", "start"),
    [
        ("ris", "application/x-research-info-systems; charset=utf-8", "TY  - ELEC\r\n"),
        ("bib", "application/x-bibtex; charset=utf-8", "@misc{NCT00000001,\n"),
    ],
)
def test_a_citation_is_a_file_of_the_trials_name(
    client: Client, trial: Trial, end: str, kind: str, start: str
) -> None:
    response = client.get(f"/trials/NCT00000001.{end}")

    assert (response.status_code, response["Content-Type"]) == (200, kind)
    assert response["Content-Disposition"] == f'attachment; filename="NCT00000001.{end}"'
    assert response.content.decode().startswith(start)


@pytest.mark.parametrize("end", ["ris", "bib"])
def test_another_spelling_leads_to_the_files_one_address(
    client: Client, trial: Trial, end: str
) -> None:
    response = client.get(f"/trials/nct00000001.{end}")

    assert (response.status_code, response["Location"]) == (301, f"/trials/NCT00000001.{end}")


def test_a_trial_that_is_left_out_has_no_citation(client: Client) -> None:
    make_trial("NCT00000002", screening="excluded")

    assert client.get("/trials/NCT00000002.ris").status_code == 404


def test_a_citation_costs_three_queries(
    client: Client, trial: Trial, django_assert_num_queries
) -> None:
    with django_assert_num_queries(3):
        client.get("/trials/NCT00000001.bib")
