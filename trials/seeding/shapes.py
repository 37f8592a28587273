"""The shape of an entry in the files under fixtures/: what it must have, what it may have."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
)

from trials.extraction.tables import Addition
from trials.partial_date import PartialDate
from trials.vocabulary import (
    AliasKind,
    ApprovalKind,
    ClaimTopic,
    DocumentKind,
    DonorType,
    IsStemCell,
    SponsorClass,
    Verdict,
)


def _partial(text: str) -> str:
    PartialDate.parse(text)
    return text


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Words = Annotated[str, StringConstraints(min_length=1)]
Day = Annotated[str, AfterValidator(_partial)]


class Entry(BaseModel):
    """One entry of a file. `where` names it in a fault: file, kind and name."""

    model_config = ConfigDict(extra="forbid")
    named_by: ClassVar[str] = "slug"
    _where: str = PrivateAttr(default="")

    @property
    def where(self) -> str:
        return self._where

    def placed(self, where: str) -> None:
        self._where = where


class Branch(Entry):
    slug: Slug
    parent: Slug | None = None
    name: Words
    name_zh: Words
    synonyms: list[Words] = []
    mesh_id: Annotated[str, StringConstraints(pattern=r"^D\d{6,9}$")] | None = None
    description: str = ""
    description_zh: str = ""


class Document(Entry):
    slug: Slug
    title: Words
    title_zh: str = ""
    language: Words
    kind: DocumentKind
    publisher: str = ""
    published: Day | None = None
    file_name: Words
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    summary: str = ""
    caution: Words


class Term(Entry):
    """A phrase that was added to a table of the lexicon."""

    table: str
    section: str
    value: str
    phrase: str
    note: str = ""

    def addition(self) -> Addition:
        return Addition(self.table, self.section, self.value, self.phrase)


class Alias(Entry):
    name: Words
    kind: AliasKind


class Sponsor(Entry):
    slug: Slug
    name: Words
    name_zh: str = ""
    name_zh_note: str = ""
    sponsor_class: SponsorClass | None = None
    note: str = ""
    merged_into: Slug | None = None  # its address leads there, and its names are found there
    aliases: list[Alias] = []


class Approval(Entry):
    regulator: Words
    country: str | None = None
    kind: ApprovalKind
    date: Day | None = None
    effective: Day | None = None
    indication: str = ""
    evidence: Words
    note: str = ""


class Product(Entry):
    slug: Slug
    name: Words
    aliases: list[Words] = []
    maker: str = ""
    sponsor: Slug | None = None
    cell_source: Slug | None = None
    is_stem_cell: IsStemCell
    cell_note: str = ""
    donor_type: DonorType | None = None
    indication_text: str = ""
    status_text: str = ""
    verification: Words
    evidence: str = ""
    note: str = ""
    approvals: list[Approval] = []


class Citation(Entry):
    document: Slug
    place: Words
    words: Words
    note: str = ""


class Publication(Entry):
    slug: Slug
    title: Words
    title_zh: str = ""
    authors: str = ""
    journal: str = ""
    year: int | None = Field(default=None, ge=1900, le=2100)
    published: Day | None = None
    pages: str = ""
    doi: Annotated[str, StringConstraints(pattern=r"^10\.\d{4,9}/\S+$")] | None = None
    pmid: Annotated[str, StringConstraints(pattern=r"^\d{1,9}$")] | None = None
    pmcid: Annotated[str, StringConstraints(pattern=r"^PMC\d+$")] | None = None
    design: str = ""
    n_studies: int | None = Field(default=None, ge=1)
    n_patients: int | None = Field(default=None, ge=1)
    identified: bool
    verification: Words
    evidence: str = ""
    note: str = ""
    retracted: bool = False
    citations: list[Citation] = []


class Claim(Entry):
    slug: Slug
    topic: ClaimTopic
    place: Words
    words: Words
    gist: Words
    gist_zh: str = ""
    verdict: Verdict
    finding: Words
    finding_source: str = ""
    trials: list[str] = []
    publications: list[Slug] = []
    products: list[Slug] = []
    contradicts: list[Slug] = []


class ExcludedStudy(Entry):
    document: Slug
    slug: Slug
    title: Words
    title_zh: str = ""
    authors: str = ""
    place: Words
    words: Words
    reason: Words
    note: str = ""


class Query(Entry):
    named_by: ClassVar[str] = "name"
    name: Slug
    description: Words
    condition: str = ""
    intervention: str = ""
    term: str = ""
    titles: str = ""
