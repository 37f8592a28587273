"""The tables of the whole catalogue: as SQLite and as CSV they say what the API says."""

import csv
import hashlib
import io
import json
import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client

from catalog.exports.bundle import write_bundle
from catalog.exports.sqlite_file import Disagreement, definition, write_sqlite
from catalog.exports.tables import Column, Table
from catalog.exports.whole import Whole, whole_catalogue
from tests.catalog.exports.catalogues import CURATOR, ODD, make_catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def whole() -> Iterator[Whole]:
    make_catalogue()
    with whole_catalogue() as whole:
        yield whole


@pytest.fixture
def database(whole: Whole, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    path = tmp_path / "trials.sqlite3"
    write_sqlite(whole, path)
    connection = sqlite3.connect(path)
    yield connection
    connection.close()


@pytest.fixture
def bundle(whole: Whole, tmp_path: Path) -> Iterator[ZipFile]:
    path = tmp_path / "trials.zip"
    write_bundle(whole, path)
    with ZipFile(path) as bundle:
        yield bundle


def ask(database: sqlite3.Connection, question: str) -> list[tuple[Any, ...]]:
    return database.execute(question).fetchall()


# --- SQLite


def test_every_table_has_its_rows_and_none_of_what_is_not_shown(
    database: sqlite3.Connection, whole: Whole
) -> None:
    counts = {
        table.name: ask(database, f'SELECT count(*) FROM "{table.name}"')[0][0]  # noqa: S608
        for table in whole.tables()
    }
    assert counts == {
        **{"trials": 2, "facts": 8, "sites": 3, "trial_numbers": 1, "trial_phases": 2},
        **{"trial_sponsors": 2, "trial_references": 1, "arms": 1, "interventions": 1},
        **{"arm_interventions": 1, "outcomes": 1, "cell_sources": 3, "indications": 1},
        **{"countries": 1, "sponsors": 2, "sponsor_names": 3, "products": 1, "approvals": 1},
        **{"publications": 1, "trial_publications": 1, "documents": 1, "mentions": 1},
        **{"citations": 1, "excluded_studies": 1, "claims": 1, "claim_trials": 1},
        **{"claim_publications": 1, "claim_products": 1},
    }


def test_counts_are_those_of_the_api(database: sqlite3.Connection, client: Client) -> None:
    for path in (
        *("trials", "sponsors", "cell-sources", "indications", "countries"),
        *("products", "publications", "documents"),
    ):
        name = path.replace("-", "_")
        ((count,),) = ask(database, f"SELECT count(*) FROM {name}")  # noqa: S608 - listed above
        assert (name, count) == (name, client.get(f"/api/v1/{path}/").json()["count"])
    facts = client.get("/api/v1/trials/NCT00000001/").json()["facts"]
    assert ask(database, "SELECT count(*) FROM facts") == [(len(facts),)]


def test_a_trial_is_the_apis(database: sqlite3.Connection, client: Client) -> None:
    trial = client.get("/api/v1/trials/NCT00000001/").json()
    database.row_factory = sqlite3.Row
    row = database.execute("SELECT * FROM trials WHERE id = 'NCT00000001'").fetchone()
    same = (
        *("id", "registry", "registry_id", "registry_url", "official_title", "acronym", "status"),
        *("study_type", "start_date", "completion_date", "donor_type", "preparation"),
        *("administrations", "first_posted", "last_updated", "refreshed_at", "why_stopped"),
    )
    assert {name: row[name] for name in same} == {name: trial[name] for name in same}
    assert (row["title"], row["title_zh"]) == (ODD, "膝关节")
    assert (row["enrollment"], row["enrollment_type"]) == (0, "ACTUAL")
    assert (row["has_results"], row["curated"], row["healthy_volunteers"]) == (None, 1, 0)
    assert json.loads(row["phases"]) == ["PHASE1", "PHASE2"]
    assert json.loads(row["cell_sources"]) == ["svf", "bone-marrow"]
    assert json.loads(row["conditions"]) == ["Knee", ODD]
    assert row["url"] == "http://127.0.0.1:8000/api/v1/trials/NCT00000001/"


def test_facts_come_with_their_words(database: sqlite3.Connection) -> None:
    assert ask(
        database,
        "SELECT value, dose_min, dose_max, dose_unit, quote, shown FROM facts WHERE kind = 'dose'",
    ) == [(None, 2e7, 4e7, "cells", "2–4 × 10⁷", 1)]
    assert ask(
        database,
        "SELECT cell_sources.name_zh, cell_sources.parent FROM facts"
        " JOIN cell_sources ON cell_sources.slug = facts.cell_source WHERE facts.value = 'svf'",
    ) == [("基质血管组分", "adipose")]


def test_moments_are_written_as_the_api_writes_them(
    database: sqlite3.Connection, client: Client
) -> None:
    """In one form, so that they sort as texts: "…Z" comes after "…+00:00"."""
    trial = client.get("/api/v1/trials/NCT00000001/").json()
    told = {fact["decided_at"] for fact in trial["facts"]}
    assert set(ask(database, "SELECT decided_at FROM facts")) == {(moment,) for moment in told}
    assert all(moment.endswith("Z") for moment in (*told, trial["refreshed_at"]))


def test_keys_lead_to_rows(database: sqlite3.Connection, whole: Whole) -> None:
    assert ask(database, "PRAGMA foreign_key_check") == []
    assert ask(database, "PRAGMA integrity_check") == [("ok",)]
    for table in whole.tables():
        told = ask(database, f'PRAGMA table_info("{table.name}")')
        keys = sorted((place, name) for _n, name, _type, _null, _default, place in told if place)
        assert [name for _place, name in keys] == list(table.key)
    links = {(row[3], row[2], row[4]) for row in ask(database, "PRAGMA foreign_key_list(facts)")}
    assert ("trial", "trials", "id") in links
    assert ("cell_source", "cell_sources", "slug") in links


def test_a_row_that_leads_nowhere_is_no_file(whole: Whole, tmp_path: Path) -> None:
    lost = Table(
        "lost", "", (Column("id"), Column("trial", refers_to="trials")), ("id",), lambda: iter(())
    )
    stray = Table("stray", "", lost.columns, ("id",), lambda: iter([("1", "NCT99999999")]))

    class Torn(Whole):
        def tables(self) -> tuple[Table, ...]:
            return (*super().tables(), lost, stray)

    torn = Torn(whole.trials, whole.made_at, "", whole.origin, whole.tell)
    with pytest.raises(Disagreement, match="stray"):
        write_sqlite(torn, tmp_path / "torn.sqlite3")


def test_the_definition_says_keys_and_types() -> None:
    columns = (Column("trial", refers_to="trials"), Column("position", kind="integer"))
    table = Table("sites", "", columns, ("trial", "position"), lambda: iter(()))
    assert definition(table, {"trials": ("id",)}) == (
        'CREATE TABLE "sites" (\n'
        '  "trial" TEXT REFERENCES "trials" ("id"),\n'
        '  "position" INTEGER,\n'
        '  PRIMARY KEY ("trial", "position")\n)'
    )


def test_a_readme_says_what_it_is_in_both_languages(database: sqlite3.Connection) -> None:
    said = {topic: (en, zh) for topic, en, zh in ask(database, "SELECT * FROM README")}
    assert "public domain" in said["licence"][0]
    assert "公有领域" in said["licence"][1]
    assert said["table trials"][0] == "The trials of the catalogue, one a row. Rows: 2."
    assert datetime.fromisoformat(said["made at"][0]).tzinfo is not None


def test_no_person_who_curates_is_named(database: sqlite3.Connection, bundle: ZipFile) -> None:
    assert CURATOR not in "\n".join(database.iterdump())
    assert all(CURATOR not in bundle.read(name).decode() for name in bundle.namelist())


# --- The bundle


def descriptor(bundle: ZipFile) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(bundle.read("datapackage.json"))
    return told


def rows_of(bundle: ZipFile, resource: dict[str, Any]) -> list[dict[str, str]]:
    text = bundle.read(resource["path"]).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


READERS = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "array": json.loads,
}


def test_the_descriptor_has_what_the_specification_demands(bundle: ZipFile) -> None:
    package = descriptor(bundle)
    assert package["profile"] == "tabular-data-package"
    assert package["name"] == "stem-cell-trials"
    assert datetime.fromisoformat(package["created"]).tzinfo is not None
    names = [resource["name"] for resource in package["resources"]]
    assert len(set(names)) == len(names)
    files = {"datapackage.json", "README.md", *(r["path"] for r in package["resources"])}
    assert set(bundle.namelist()) == files
    for resource in package["resources"]:
        content = bundle.read(resource["path"])
        assert resource["profile"] == "tabular-data-resource"
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert (resource["encoding"], resource["format"]) == ("utf-8", "csv")


def test_every_value_is_of_the_type_of_its_field(bundle: ZipFile) -> None:
    for resource in descriptor(bundle)["resources"]:
        fields = {field["name"]: READERS[field["type"]] for field in resource["schema"]["fields"]}
        for row in rows_of(bundle, resource):
            assert list(row) == list(fields)
            for name, value in row.items():
                if value:
                    fields[name](value)


def test_keys_of_the_bundle_are_unique_and_lead_to_rows(bundle: ZipFile) -> None:
    resources = {resource["name"]: resource for resource in descriptor(bundle)["resources"]}
    for resource in resources.values():
        schema, rows = resource["schema"], rows_of(bundle, resource)
        keys = [tuple(row[name] for name in schema["primaryKey"]) for row in rows]
        assert len(set(keys)) == len(keys)
        assert all(all(key) for key in keys)
        for link in schema["foreignKeys"]:
            goal = resources[link["reference"]["resource"] or resource["name"]]
            there = {row[link["reference"]["fields"]] for row in rows_of(bundle, goal)}
            assert {row[link["fields"]] for row in rows} - {""} <= there


def test_the_bundle_and_the_database_have_the_same_rows(
    bundle: ZipFile, database: sqlite3.Connection
) -> None:
    for resource in descriptor(bundle)["resources"]:
        ((count,),) = ask(database, f'SELECT count(*) FROM "{resource["name"]}"')  # noqa: S608
        assert (resource["name"], count) == (resource["name"], len(rows_of(bundle, resource)))


def test_text_that_looks_like_a_formula_is_text_and_a_number_stays_one(bundle: ZipFile) -> None:
    resources = {resource["name"]: resource for resource in descriptor(bundle)["resources"]}
    site = rows_of(bundle, resources["sites"])[1]
    assert site["facility"].startswith("'=1+1")
    assert (site["city"], float(site["longitude"])) == ("上海", -121.47)
