"""A trial, and the data as a whole, in schema.org's words, for search engines.

https://schema.org/MedicalTrial, https://schema.org/Dataset

Only what the page shows too. No person is named: the registry's contacts are not kept at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from catalog.citations import Citation
from catalog.exports.files import Offer
from catalog.exports.words import TITLE, WHAT
from catalog.templatetags.catalogue import countries, lead, phase_words
from catalog.titles import short_title
from trials.vocabulary import SponsorClass, Status, StudyType

_VOCABULARY = "https://schema.org"
# https://schema.org/MedicalStudyStatus; it has no word for the others.
_STATUSES: dict[str, str] = {
    Status.RECRUITING: "Recruiting",
    Status.NOT_YET_RECRUITING: "NotYetRecruiting",
    Status.ENROLLING_BY_INVITATION: "EnrollingByInvitation",
    Status.ACTIVE_NOT_RECRUITING: "ActiveNotRecruiting",
    Status.COMPLETED: "Completed",
    Status.SUSPENDED: "Suspended",
    Status.TERMINATED: "Terminated",
    Status.WITHDRAWN: "Withdrawn",
}
# https://schema.org/MedicalTrialDesign
_DESIGNS = {
    "RANDOMIZED": "RandomizedTrial",
    "NONE": "OpenTrial",
    "SINGLE": "SingleBlindedTrial",
    "DOUBLE": "DoubleBlindedTrial",
    "TRIPLE": "TripleBlindedTrial",
}
# "</script>" in a title would end the element, and "<!--" would swallow the page.
_ESCAPES = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})


def structured_data(trial: Any, citation: Citation) -> dict[str, Any]:
    """The trial as JSON-LD; reads what the page has fetched. What is not known is left out."""
    observed = trial.study_type == StudyType.OBSERVATIONAL
    designs = [_DESIGNS[word] for word in (trial.allocation, trial.masking) if word in _DESIGNS]
    status = None if trial.gone_at else _STATUSES.get(trial.status)
    said = {
        "name": citation.title,
        "alternateName": _texts(trial.official_title, trial.title_zh, trial.acronym),
        "identifier": {
            "@type": "PropertyValue",
            "propertyID": citation.publisher,
            "value": citation.number,
        },
        "url": citation.page,
        "sameAs": citation.record,
        "description": short_title(citation.abstract),
        "status": f"{_VOCABULARY}/{status}" if status else "",
        "sponsor": _sponsor(lead(trial)),
        "healthCondition": [
            {"@type": "MedicalCondition", "name": condition} for condition in citation.keywords
        ],
        "studyLocation": [
            {"@type": "Country", "name": country.name, "identifier": country.code}
            for country in countries(trial)
        ],
        "phase": "" if observed else str(phase_words(trial)),
        "trialDesign": [] if observed else [f"{_VOCABULARY}/{design}" for design in designs],
    }
    return {
        "@context": _VOCABULARY,
        "@type": "MedicalObservationalStudy" if observed else "MedicalTrial",
        **{name: value for name, value in said.items() if value},
    }


def dataset(offers: Iterable[Offer], publisher: str) -> dict[str, Any]:
    """The catalogue as a data set that can be downloaded: https://schema.org/Dataset"""
    files = [
        {
            "@type": "DataDownload",
            "name": str(offer.form.title),
            "contentUrl": f"{settings.PUBLIC_URL}{offer.address}",
            "encodingFormat": offer.form.content_type.partition(";")[0],
            "contentSize": f"{offer.made.bytes} B",
            "sha256": offer.made.sha256,
            "dateModified": offer.made.made_at,
        }
        for offer in offers
    ]
    said = {
        "name": str(TITLE),
        "description": str(WHAT),
        "url": f"{settings.PUBLIC_URL}{reverse('data')}",
        "isAccessibleForFree": True,
        "isBasedOn": "https://clinicaltrials.gov/",
        "creator": {"@type": "Organization", "name": publisher, "url": settings.PUBLIC_URL},
        "distribution": files,
        "dateModified": max((file["dateModified"] for file in files), default=""),
    }
    return {
        "@context": _VOCABULARY,
        "@type": "Dataset",
        **{name: value for name, value in said.items() if value},
    }


def as_json(data: dict[str, Any]) -> SafeString:
    """The data as JSON that nothing in it can end early: for a script element that is data."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 - escaped one line above


def _texts(*texts: str) -> list[str]:
    return [short_title(text) for text in texts if text]


def _sponsor(sponsor: Any) -> dict[str, Any]:
    if sponsor is None:
        return {}
    kind = "Person" if sponsor.sponsor_class == SponsorClass.INDIV else "Organization"
    return {"@type": kind, "name": short_title(sponsor.name)}
