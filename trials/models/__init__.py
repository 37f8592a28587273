"""What we know, as tables. Everything is imported from here."""

from trials.models.decision import Decision
from trials.models.evidence import (
    Approval,
    Citation,
    Claim,
    Document,
    ExcludedStudy,
    Mention,
    Product,
    Publication,
    TrialPublication,
)
from trials.models.fact import Fact
from trials.models.lexicon import LexiconTerm
from trials.models.person import PublicName
from trials.models.queue import Doubt, Doubted, Left
from trials.models.registry import (
    HarvestedQuery,
    HarvestQuery,
    RecordChange,
    RefreshRun,
    SeededRow,
    StoredRecord,
)
from trials.models.report import Report
from trials.models.search import ChangedTrial, KeptWithTrial, TrialDocument, TrialText
from trials.models.sponsor import Sponsor, SponsorAlias, SponsorPair, TrialSponsor
from trials.models.taxonomy import CellSource, Country, Indication
from trials.models.trial import (
    Arm,
    Intervention,
    Outcome,
    Reference,
    Site,
    Trial,
    TrialAlias,
    TrialPhase,
)

__all__ = [
    "Approval",
    "Arm",
    "CellSource",
    "ChangedTrial",
    "Citation",
    "Claim",
    "Country",
    "Decision",
    "Document",
    "Doubt",
    "Doubted",
    "ExcludedStudy",
    "Fact",
    "HarvestQuery",
    "HarvestedQuery",
    "Indication",
    "Intervention",
    "KeptWithTrial",
    "Left",
    "LexiconTerm",
    "Mention",
    "Outcome",
    "Product",
    "PublicName",
    "Publication",
    "RecordChange",
    "Reference",
    "RefreshRun",
    "Report",
    "SeededRow",
    "Site",
    "Sponsor",
    "SponsorAlias",
    "SponsorPair",
    "StoredRecord",
    "Trial",
    "TrialAlias",
    "TrialDocument",
    "TrialPhase",
    "TrialPublication",
    "TrialSponsor",
    "TrialText",
]
