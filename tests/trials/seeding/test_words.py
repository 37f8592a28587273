"""Verbatim words of documents and records, checked where those are beside the project."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from trials.seeding import Fixtures
from trials.vocabulary import Basis

pytestmark = pytest.mark.records

BESIDE = Path(settings.BASE_DIR).parent / "shared"
DOCUMENTS, RECORDS = BESIDE / "seeds", BESIDE / "registry" / "records" / "msc"


@pytest.fixture
def texts(fixtures: Fixtures) -> dict[str, str]:
    """The documents' texts by slug."""
    if not DOCUMENTS.is_dir():
        pytest.skip("the documents are not beside the project")
    files = {document.slug: DOCUMENTS / document.file_name for document in fixtures.documents}
    return {slug: path.read_text(encoding="utf-8") for slug, path in files.items()}


def paragraph(text: str, place: str) -> str:
    """The words at a place as the files name it: “paragraph 12” or “list, row 8”."""
    lines = [line for line in text.splitlines() if line.strip()]
    number = int(re.findall(r"\d+", place)[0])
    if place.startswith("list"):
        number += lines.index("国内项目包括:") + 1
    return lines[number - 1]


def test_checksums_are_of_the_documents(texts, fixtures):
    for document in fixtures.documents:
        content = (DOCUMENTS / document.file_name).read_bytes()
        assert document.sha256 == hashlib.sha256(content).hexdigest()


def test_claims_give_the_documents_own_words_at_their_place(texts, fixtures):
    for document, claims in fixtures.claims.items():
        for claim in claims:
            assert claim.words in paragraph(texts[document], claim.place), claim.slug


def test_citations_and_left_out_studies_give_the_documents_own_words(texts, fixtures):
    for cited in [citation for paper in fixtures.publications for citation in paper.citations]:
        assert cited.words in paragraph(texts[cited.document], cited.place)
    for study in fixtures.excluded:
        assert study.words in paragraph(texts[study.document], study.place)


def test_mentions_give_the_documents_own_words(texts, fixtures):
    for mention in [mention for trial in fixtures.trials for mention in trial.mentions]:
        words = paragraph(texts[mention.document], mention.place)
        if mention.position is None:
            assert mention.title_words in words
        else:
            row = f"{mention.sponsor_words}{mention.title_words}({mention.title_zh_words})"
            assert row == words


def test_facts_of_documents_quote_them(texts, fixtures):
    for fact in [fact for trial in fixtures.trials for fact in trial.facts]:
        if fact.document:
            assert fact.quote in paragraph(texts[fact.document], fact.place), fact.quote


def test_facts_of_records_quote_them_at_their_place(fixtures):
    if not RECORDS.is_dir():
        pytest.skip("the registry's records are not beside the project")
    checked = 0
    for trial in fixtures.trials:
        path = RECORDS / f"{trial.number}.json"
        for fact in trial.facts:
            if path.exists() and fact.basis != Basis.DOCUMENT and fact.quote:
                record = json.loads(path.read_text(encoding="utf-8"))
                assert fact.quote in at(record, fact.place), (trial.number, fact.quote)
                checked += 1
    assert checked > 200


def at(record: dict[str, Any], place: str) -> str:
    """The text at a place such as `armGroups[0].description`, in whichever module it stands."""
    steps = re.findall(r"\w+", place)
    value: Any = next(module for module in record["protocolSection"].values() if steps[0] in module)
    for step in steps:
        value = value[int(step)] if step.isdigit() else value[step]
    return str(value)
