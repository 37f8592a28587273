"""The schema is OpenAPI 3.1, and the answers are what it says."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from catalog.api.lists import FIELDS, PARTS
from catalog.api.strict import Changes, Paged, TrialListQuestion, TrialQuestion
from catalog.filters import TrialFilter
from tests.builders import make_change, make_claim, make_document, make_record, make_sponsor
from tests.catalog.api.test_trials import full_trial
from trials.models import Sponsor, Trial
from trials.vocabulary import Status

pytestmark = pytest.mark.django_db

ADDRESSES = {
    "/api/v1/trials/": "/api/v1/trials/",
    "/api/v1/trials/{number}/": "/api/v1/trials/NCT03166865/",
    "/api/v1/trials/{number}/changes/": "/api/v1/trials/NCT03166865/changes/",
    "/api/v1/sponsors/": "/api/v1/sponsors/",
    "/api/v1/sponsors/{slug}/": "/api/v1/sponsors/tokai-university/",
    "/api/v1/cell-sources/": "/api/v1/cell-sources/",
    "/api/v1/cell-sources/{slug}/": "/api/v1/cell-sources/whartons-jelly/",
    "/api/v1/indications/": "/api/v1/indications/",
    "/api/v1/indications/{slug}/": "/api/v1/indications/knee-osteoarthritis/",
    "/api/v1/countries/": "/api/v1/countries/",
    "/api/v1/countries/{code}/": "/api/v1/countries/CN/",
    "/api/v1/products/": "/api/v1/products/",
    "/api/v1/products/{slug}/": "/api/v1/products/cartistem/",
    "/api/v1/publications/": "/api/v1/publications/",
    "/api/v1/publications/{slug}/": "/api/v1/publications/matas-nct03166865/",
    "/api/v1/documents/": "/api/v1/documents/",
    "/api/v1/documents/{slug}/": "/api/v1/documents/chinese-hospital-list/",
    "/api/v1/changes/": "/api/v1/changes/",
    "/api/v1/facets/": "/api/v1/facets/",
    "/api/v1/status/": "/api/v1/status/",
}


@pytest.fixture(scope="module")
def schema_text() -> bytes:
    """Made once: it reads the code and no row of the database."""
    return Client().get("/api/v1/schema/").content


@pytest.fixture
def schema(schema_text: bytes) -> dict[str, Any]:
    """A copy that a test may change."""
    body: dict[str, Any] = json.loads(schema_text)
    return body


def body_schema(schema: dict[str, Any], path: str, status: str, kind: str) -> dict[str, Any]:
    responses = schema["paths"][path]["get"]["responses"]
    return {**responses[status]["content"][kind]["schema"], "components": schema["components"]}


def closed(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with no room for a key that it does not name."""
    for name, component in schema["components"]["schemas"].items():
        if "properties" in component:
            component["additionalProperties"] = False
            if name == "TrialInList":  # `fields` leaves out, `include` adds
                assert component["required"] == ["id"]
                component["required"] = list(FIELDS)
            assert set(component["required"]) >= set(component["properties"]) - {
                "decided_by",
                "parent",
                "cursor",
                *(PARTS if name == "TrialInList" else ()),
            }
    return schema


def test_the_schema_is_openapi_3_1_and_is_made_without_a_warning(
    schema: dict[str, Any], tmp_path: Any
) -> None:
    OpenAPIV31SpecValidator(schema).validate()
    assert schema["openapi"].startswith("3.1")
    call_command("spectacular", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_every_address_is_in_the_schema_and_can_only_be_read(schema: dict[str, Any]) -> None:
    assert set(schema["paths"]) == set(ADDRESSES)
    assert {tuple(operations) for operations in schema["paths"].values()} == {("get",)}


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_answer_is_what_the_schema_says(
    client: Client, schema: dict[str, Any], path: str
) -> None:
    trial = full_trial("NCT03166865")
    trial.sites.create(position=9, facility="Hospital", city="Hualien")
    trial.interventions.create(position=0, name="Cells")
    trial.outcomes.create(position=0, kind="primary", measure="Pain")
    trial.references.create(position=0, pmid="1")
    make_record(trial)
    make_change(trial, old={"a": [1]}, new=None)
    make_claim(make_document("chinese-hospital-list")).trials.add(trial)
    answer = client.get(ADDRESSES[path])
    assert answer.status_code == 200
    shape = body_schema(closed(schema), path, "200", "application/json")
    OAS31Validator(shape).validate(answer.json())


@pytest.mark.parametrize(
    "path", ["/api/v1/trials/", "/api/v1/trials/{number}/", "/api/v1/sponsors/"]
)
def test_a_word_that_the_registry_added_is_what_the_schema_says(
    client: Client, schema: dict[str, Any], path: str
) -> None:
    trial = full_trial("NCT03166865")
    Trial.objects.update(
        status="PAUSED",
        last_known_status="PAUSED",
        study_type="REGISTER",
        start_date_type="GUESSED",
        enrollment_type="GUESSED",
        sex="ANY",
    )
    Sponsor.objects.update(sponsor_class="FUND")
    trial.phases.create(phase="PHASE5")
    trial.sites.create(position=9, status="PAUSED")
    trial.arms.create(position=9, type="HISTORICAL")
    trial.interventions.create(position=9, name="Cells", type="CELLS")
    trial.references.create(position=9, pmid="1", type="PREPRINT")
    answer = client.get(ADDRESSES[path])
    assert ('"PAUSED"' in answer.content.decode()) == ("trials" in path)  # raw, not in words
    shape = body_schema(closed(schema), path, "200", "application/json")
    OAS31Validator(shape).validate(answer.json())


def test_the_known_words_of_the_registry_are_in_the_schema(schema: dict[str, Any]) -> None:
    status = schema["components"]["schemas"]["TrialInList"]["properties"]["status"]
    assert status["anyOf"][0] == {"enum": [*Status.values, None]}


@pytest.mark.parametrize("path", ["/api/v1/trials/", "/api/v1/sponsors/"])
def test_a_problem_is_what_the_schema_says(
    client: Client, schema: dict[str, Any], path: str
) -> None:
    answer = client.get(path, {"nope": "1"})
    shape = body_schema(closed(schema), path, "400", "application/problem+json")
    OAS31Validator(shape).validate(answer.json())


@pytest.mark.parametrize(
    ("path", "question"),
    [("/api/v1/trials/", TrialListQuestion), ("/api/v1/facets/", TrialQuestion)],
)
def test_every_parameter_is_described_with_an_example(
    schema: dict[str, Any], path: str, question: type[TrialQuestion]
) -> None:
    parameters = {one["name"]: one for one in schema["paths"][path]["get"]["parameters"]}
    declared = question.parameters()
    assert set(TrialFilter.base_filters) < set(parameters) == set(declared)
    for name, parameter in parameters.items():
        example = declared[name].example
        assert parameter["description"].endswith(f"For example: `{example}`")
        kind = parameter["schema"].get("items", parameter["schema"])
        number = kind["type"] in ("integer", "number")
        for value in example.split(",") if declared[name].separated else [example]:
            OAS31Validator(kind).validate(int(value) if number else value)


LISTS = {
    "/api/v1/trials/": TrialListQuestion,
    "/api/v1/facets/": TrialQuestion,
    "/api/v1/changes/": Changes,
    "/api/v1/sponsors/": Paged,
}


@pytest.mark.parametrize(
    ("path", "name"),
    [(path, name) for path, kind in LISTS.items() for name in kind.parameters()],
)
def test_every_example_is_answered(client: Client, path: str, name: str) -> None:
    make_sponsor("medipost")
    full_trial("NCT03166865")
    needed = {"within_km": {"near": "31.23,121.47"}, "in": {"q": "cell"}}.get(name, {})
    example = LISTS[path].parameters()[name].example
    answer = client.get(path, {name: example, **needed})
    assert answer.status_code == 200, answer.content


def test_a_list_that_is_thinned_and_one_that_is_thickened_are_what_the_schema_says(
    client: Client, schema: dict[str, Any]
) -> None:
    trial = full_trial("NCT03166865")
    make_change(trial)
    shape = body_schema(schema, "/api/v1/trials/", "200", "application/json")
    shape["components"]["schemas"]["TrialInList"]["additionalProperties"] = False
    for asked in ("fields=title,status", "include=facts,sites,changes"):
        OAS31Validator(shape).validate(client.get(f"/api/v1/trials/?{asked}").json())


def test_no_optional_parameter_has_a_value_that_the_docs_page_would_send_unasked(
    schema: dict[str, Any],
) -> None:
    for operations in schema["paths"].values():
        for parameter in operations["get"].get("parameters", ()):
            if not parameter.get("required"):
                assert {"example", "examples"}.isdisjoint(parameter)
                assert {"example", "examples", "default"}.isdisjoint(parameter["schema"])


def test_the_schema_comes_as_yaml_too(client: Client) -> None:
    response = client.get("/api/v1/schema/", headers={"accept": "application/yaml"})
    assert response.content.startswith(b"openapi: 3.1")


def test_the_docs_page_needs_no_other_host_and_no_inline_script(client: Client) -> None:
    page = client.get("/api/v1/docs/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "script-src" not in page["Content-Security-Policy"]  # so default-src 'self' holds
    assert "<style" not in text
    assert 'href="/"' in text
    assert "http://" not in text.replace("http://testserver", "")
    assert "https://" not in text
    assert text.count("<script") == text.count("<script src=")
    script = client.get("/api/v1/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")
    assert b"/api/v1/schema/" in script.content
