"""The shape of a trial in fixtures/trials/, with its facts, mentions and places."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, model_validator

from trials.seeding.shapes import Day, Entry, Slug, Words
from trials.vocabulary import (
    FACT_VALUES,
    NOT_STATED,
    Basis,
    DateType,
    FactKind,
    Phase,
    Role,
    Screening,
    Sex,
    Status,
    StudyType,
)

DOSE = re.compile(
    r"(?P<least>\d+(?:\.\d+)?e\d+)(?:-(?P<most>\d+(?:\.\d+)?e\d+))?(?:/(?P<per>kg|mL|cm2))?",
    re.ASCII,
)
Age = Annotated[str, StringConstraints(pattern=r"^\d+ Years$")]
# The bases that a file may claim: a curator decides in the admin, rules read by themselves.
FileBasis = Literal["record", "document", "inferred"]


class Enrollment(Entry):
    count: int = Field(ge=0)
    type: DateType | None = None


class RegistryDate(Entry):
    date: Day
    type: DateType | None = None


class Site(Entry):
    facility: str = ""
    city: str = ""
    state: str = ""
    country: str
    country_name: Words


class Mention(Entry):
    document: Slug
    place: Words
    position: int | None = Field(default=None, ge=1)
    sponsor_words: str = ""
    title_words: str = ""
    title_zh_words: str = ""
    note: str = ""


class TrialPublication(Entry):
    publication: Slug
    relation: Words
    basis: Words
    note: str = ""


class Fact(Entry):
    kind: FactKind
    value: Words
    role: Role = Role.EXPERIMENTAL
    basis: FileBasis
    quote: str = ""
    place: str = ""
    document: Slug | None = None
    source: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _says_what_its_kind_can(self) -> Fact:
        if self.value == NOT_STATED:
            return self
        choices = FACT_VALUES.get(self.kind)
        if choices and self.value not in choices.values:
            raise ValueError(
                f"value: “{self.value}” is no {self.kind} (allowed: {', '.join(choices.values)})"
            )
        if self.kind == FactKind.DOSE and not DOSE.fullmatch(self.value):
            raise ValueError(f"value: “{self.value}” is no dose: write 2e7, 1e7-2e7 or 1e6/kg")
        if self.kind == FactKind.ADMINISTRATIONS and not re.fullmatch(r"[1-9]\d{0,2}", self.value):
            raise ValueError(f"value: “{self.value}” is no number of administrations")
        return self

    @model_validator(mode="after")
    def _rests_on_something(self) -> Fact:
        if self.basis == Basis.INFERRED and not self.note:
            raise ValueError("note: is missing: say why it was inferred")
        if self.basis != Basis.INFERRED and not (self.quote and self.place):
            raise ValueError("quote: is missing, or the place where it stands")
        if self.basis == Basis.DOCUMENT and not (self.document or self.source):
            raise ValueError("document: is missing, or the source that says so")
        return self


class Trial(Entry):
    named_by: ClassVar[str] = "number"
    number: Annotated[str, StringConstraints(pattern=r"^(NCT\d{8}|SCT-\d{4,})$")]
    registry: Literal["ClinicalTrials.gov", ""] = ""
    title: Words
    title_zh: str = ""
    title_zh_note: str = ""
    official_title: str = ""
    acronym: str = ""
    org_study_id: str = ""
    status: Status | None = None
    last_known_status: Status | None = None
    status_verified: Day | None = None
    why_stopped: str = ""
    study_type: StudyType | None = None
    phases: list[Phase] = []
    allocation: str = ""
    intervention_model: str = ""
    primary_purpose: str = ""
    masking: str = ""
    enrollment: Enrollment | None = None
    start: RegistryDate | None = None
    primary_completion: RegistryDate | None = None
    completion: RegistryDate | None = None
    first_posted: date | None = None
    last_updated: date | None = None
    conditions: list[Words] = []
    keywords: list[Words] = []
    sex: Sex | None = None
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    healthy_volunteers: bool | None = None
    std_ages: list[Words] = []
    sponsor: Slug | None = None
    collaborators: list[Slug] = []
    registry_as_of: Day | None = None
    registry_origin: Words
    checked: date  # the day on which a person read what this entry says
    facts_from: str = ""
    screening: Screening
    screening_reason: str = ""
    doubt: str = ""
    note: str = ""
    sites: list[Site] = []
    mentions: list[Mention] = []
    facts: list[Fact] = []
    publications: list[TrialPublication] = []

    @model_validator(mode="after")
    def _number_is_of_its_registry(self) -> Trial:
        if self.number.startswith("NCT") != bool(self.registry):
            raise ValueError("registry: an NCT number has one, a number of the catalogue has none")
        return self
