"""What search engines are told of a trial: the page's own words, and no more."""

import json

import pytest
from django.test import Client

from catalog.citations import citation
from catalog.structured_data import as_json, structured_data
from tests.builders import THEN, make_site, make_sponsor, make_trial
from trials.models import Trial

pytestmark = pytest.mark.django_db


def data(**changes) -> dict:
    trial = make_trial("NCT00000001", **changes)
    return structured_data(trial, citation(trial))


def test_a_trial_in_the_words_of_schema_org():
    told = data(
        title="Cells for knees",
        title_zh="细胞",
        sponsor=make_sponsor("medipost", name="Medipost"),
        phases=("PHASE1", "PHASE2"),
        countries=("CN", "TW"),
        allocation="RANDOMIZED",
        masking="DOUBLE",
        conditions=["Osteoarthritis"],
        brief_summary="Cells are given.",
    )

    assert told == {
        "@context": "https://schema.org",
        "@type": "MedicalTrial",
        "name": "Cells for knees",
        "alternateName": ["细胞"],
        "identifier": {
            "@type": "PropertyValue",
            "propertyID": "ClinicalTrials.gov",
            "value": "NCT00000001",
        },
        "url": "http://127.0.0.1:8000/trials/NCT00000001/",
        "sameAs": "https://clinicaltrials.gov/study/NCT00000001",
        "description": "Cells are given.",
        "status": "https://schema.org/Recruiting",
        "sponsor": {"@type": "Organization", "name": "Medipost"},
        "healthCondition": [{"@type": "MedicalCondition", "name": "Osteoarthritis"}],
        "studyLocation": [
            {"@type": "Country", "name": "China", "identifier": "CN"},
            {"@type": "Country", "name": "Taiwan", "identifier": "TW"},
        ],
        "phase": "Phase 1 / Phase 2",
        "trialDesign": [
            "https://schema.org/RandomizedTrial",
            "https://schema.org/DoubleBlindedTrial",
        ],
    }


def test_an_observational_study_is_no_trial_and_has_no_phase():
    told = data(study_type="OBSERVATIONAL", phases=("NA",), masking="NONE", status="UNKNOWN")

    assert told["@type"] == "MedicalObservationalStudy"
    assert {"phase", "trialDesign", "status"}.isdisjoint(told)


def test_a_record_that_is_gone_has_no_status():
    assert "status" not in data(gone_at=THEN)


def test_a_sponsor_that_is_one_person_is_no_organisation():
    sponsor = make_sponsor("someone", sponsor_class="INDIV")

    assert data(sponsor=sponsor)["sponsor"]["@type"] == "Person"


def test_no_text_can_end_the_element_it_stands_in():
    written = as_json({"name": "</script><!-- & \u2028"})

    assert written == '{"name":"\\u003C/script\\u003E\\u003C!-- \\u0026 \u2028"}'
    assert json.loads(written) == {"name": "</script><!-- & \u2028"}


def test_a_hostile_trials_page_has_whole_data(client: Client) -> None:
    bad = '</script><script>alert(1)</script><!-- "quoted" \\ \n'
    trial: Trial = make_trial(title=bad, official_title=bad, brief_summary=bad, conditions=[bad])
    make_site(trial, city=bad, latitude=1, longitude=1)

    text = client.get(trial.get_absolute_url()).content.decode()

    assert "<script>" not in text
    # The data, and the script of the search box.
    assert text.count("<script") == text.count("</script>") == 2
    found = text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert json.loads(found)["alternateName"] == [bad]


def test_texts_without_end_are_cut():
    told = data(title="a" * 5_000, official_title="b" * 5_000, brief_summary="c" * 5_000_000)

    assert len(as_json(told)) < 2_000
