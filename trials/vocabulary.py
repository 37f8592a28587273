"""The lists of values: one name and one label for each that the catalogue knows.

Most are closed. The registry's own (`RegistryList`) may get words that we do not know yet: these
are kept, shown as `spelled` spells them, and reported by the refresh that met them.
"""

import re
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

NOT_STATED = "not-stated"  # a value like any other: "we looked, and it is not said"
WORD_LENGTH = 40  # letters of a word in the registry's lists; its longest has 25
WORD = re.compile(rf"[A-Z][A-Z0-9_]{{0,{WORD_LENGTH - 1}}}")


def spelled(word: str) -> str:
    """A word of the registry's as a reader writes it: "NON_RANDOMIZED" → "Non randomized"."""
    words = word.replace("_", " ").strip().capitalize()
    return re.sub(r"(?<=[a-z])(?=[0-9])", " ", words)


class RegistryList(TextChoices):
    """A list of the registry's, in its own spelling; it may have words that are not here."""


class Status(RegistryList):
    """The registry's 14 statuses, in its own spelling and in the order a reader looks for them."""

    RECRUITING = "RECRUITING", _("Recruiting")
    NOT_YET_RECRUITING = "NOT_YET_RECRUITING", _("Not yet recruiting")
    ENROLLING_BY_INVITATION = "ENROLLING_BY_INVITATION", _("Enrolling by invitation")
    ACTIVE_NOT_RECRUITING = "ACTIVE_NOT_RECRUITING", _("Active, not recruiting")
    COMPLETED = "COMPLETED", _("Completed")
    SUSPENDED = "SUSPENDED", _("Suspended")
    TERMINATED = "TERMINATED", _("Terminated")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    UNKNOWN = "UNKNOWN", _("Unknown status")
    AVAILABLE = "AVAILABLE", _("Available")
    NO_LONGER_AVAILABLE = "NO_LONGER_AVAILABLE", _("No longer available")
    TEMPORARILY_NOT_AVAILABLE = "TEMPORARILY_NOT_AVAILABLE", _("Temporarily not available")
    APPROVED_FOR_MARKETING = "APPROVED_FOR_MARKETING", _("Approved for marketing")
    WITHHELD = "WITHHELD", _("Withheld")


class Phase(RegistryList):
    """The registry's phases; a "phase 1/2" trial has two of them."""

    EARLY_PHASE1 = "EARLY_PHASE1", _("Early phase 1")
    PHASE1 = "PHASE1", _("Phase 1")
    PHASE2 = "PHASE2", _("Phase 2")
    PHASE3 = "PHASE3", _("Phase 3")
    PHASE4 = "PHASE4", _("Phase 4")
    # Not "Not applicable", as the registry has it: on a line without headings nobody knows of what.
    NA = "NA", pgettext_lazy("phase", "No phase")


class StudyType(RegistryList):
    INTERVENTIONAL = "INTERVENTIONAL", _("Interventional")
    OBSERVATIONAL = "OBSERVATIONAL", _("Observational")
    EXPANDED_ACCESS = "EXPANDED_ACCESS", _("Expanded access")


class DateType(RegistryList):
    """Whether a date or a number of participants has come true; dates and enrollment share it."""

    ACTUAL = "ACTUAL", _("actual")
    ESTIMATED = "ESTIMATED", _("estimated")


class SponsorClass(RegistryList):
    """The registry's classes of sponsors (`AgencyClass` in its enumerations)."""

    INDUSTRY = "INDUSTRY", _("Industry")
    OTHER = "OTHER", _("University, hospital or other")
    INDIV = "INDIV", _("Individual")
    NETWORK = "NETWORK", _("Network")
    NIH = "NIH", _("US National Institutes of Health")
    FED = "FED", _("US federal agency")
    OTHER_GOV = "OTHER_GOV", _("Other government")
    AMBIG = "AMBIG", _("Ambiguous")
    UNKNOWN = "UNKNOWN", _("Unknown")


class SponsorRole(TextChoices):
    LEAD = "lead", _("Lead sponsor")
    COLLABORATOR = "collaborator", _("Collaborator")


class Sex(RegistryList):
    ALL = "ALL", pgettext_lazy("sex", "All")
    FEMALE = "FEMALE", _("Female")
    MALE = "MALE", _("Male")


class ArmType(RegistryList):
    EXPERIMENTAL = "EXPERIMENTAL", _("Experimental")
    ACTIVE_COMPARATOR = "ACTIVE_COMPARATOR", _("Active comparator")
    PLACEBO_COMPARATOR = "PLACEBO_COMPARATOR", _("Placebo comparator")
    SHAM_COMPARATOR = "SHAM_COMPARATOR", _("Sham comparator")
    NO_INTERVENTION = "NO_INTERVENTION", _("No intervention")
    OTHER = "OTHER", _("Other")


class InterventionType(RegistryList):
    BIOLOGICAL = "BIOLOGICAL", _("Biological")
    DRUG = "DRUG", _("Drug")
    DEVICE = "DEVICE", _("Device")
    PROCEDURE = "PROCEDURE", _("Procedure")
    COMBINATION_PRODUCT = "COMBINATION_PRODUCT", _("Combination product")
    GENETIC = "GENETIC", _("Genetic")
    RADIATION = "RADIATION", _("Radiation")
    BEHAVIORAL = "BEHAVIORAL", _("Behavioural")
    DIAGNOSTIC_TEST = "DIAGNOSTIC_TEST", _("Diagnostic test")
    DIETARY_SUPPLEMENT = "DIETARY_SUPPLEMENT", _("Dietary supplement")
    OTHER = "OTHER", _("Other")


class Design(RegistryList):
    """How a study is built: the words of its allocation, model, purpose, masking and time."""

    RANDOMIZED = "RANDOMIZED", _("Randomized")
    NON_RANDOMIZED = "NON_RANDOMIZED", _("Not randomized")
    NA = "NA", _("Not applicable")
    SINGLE_GROUP = "SINGLE_GROUP", _("Single group")
    PARALLEL = "PARALLEL", _("Parallel groups")
    CROSSOVER = "CROSSOVER", _("Crossover")
    FACTORIAL = "FACTORIAL", _("Factorial")
    SEQUENTIAL = "SEQUENTIAL", _("Sequential")
    TREATMENT = "TREATMENT", _("Treatment")
    PREVENTION = "PREVENTION", _("Prevention")
    DIAGNOSTIC = "DIAGNOSTIC", _("Diagnosis")
    ECT = "ECT", _("Education, counselling or training")
    SUPPORTIVE_CARE = "SUPPORTIVE_CARE", _("Supportive care")
    SCREENING = "SCREENING", pgettext_lazy("of people", "Screening")
    HEALTH_SERVICES_RESEARCH = "HEALTH_SERVICES_RESEARCH", _("Health services research")
    BASIC_SCIENCE = "BASIC_SCIENCE", _("Basic science")
    DEVICE_FEASIBILITY = "DEVICE_FEASIBILITY", _("Device feasibility")
    NONE = "NONE", _("None (open label)")
    SINGLE = "SINGLE", _("Single")
    DOUBLE = "DOUBLE", _("Double")
    TRIPLE = "TRIPLE", _("Triple")
    QUADRUPLE = "QUADRUPLE", _("Quadruple")
    COHORT = "COHORT", _("Cohort")
    CASE_CONTROL = "CASE_CONTROL", _("Case-control")
    CASE_ONLY = "CASE_ONLY", _("Case only")
    CASE_CROSSOVER = "CASE_CROSSOVER", _("Case-crossover")
    ECOLOGIC_OR_COMMUNITY = "ECOLOGIC_OR_COMMUNITY", _("Ecologic or community")
    FAMILY_BASED = "FAMILY_BASED", _("Family-based")
    DEFINED_POPULATION = "DEFINED_POPULATION", _("Defined population")
    NATURAL_HISTORY = "NATURAL_HISTORY", _("Natural history")
    RETROSPECTIVE = "RETROSPECTIVE", _("Retrospective")
    PROSPECTIVE = "PROSPECTIVE", _("Prospective")
    CROSS_SECTIONAL = "CROSS_SECTIONAL", _("Cross-sectional")
    OTHER = "OTHER", _("Other")


class AgeGroup(RegistryList):
    CHILD = "CHILD", _("Child")
    ADULT = "ADULT", _("Adult")
    OLDER_ADULT = "OLDER_ADULT", _("Older adult")


class OutcomeKind(TextChoices):
    PRIMARY = "primary", _("Primary")
    SECONDARY = "secondary", _("Secondary")
    OTHER = "other", _("Other")


class ReferenceType(RegistryList):
    """How the registry says that a paper belongs to a trial."""

    RESULT = "RESULT", _("Results")
    DERIVED = "DERIVED", _("Found by the trial's number")
    BACKGROUND = "BACKGROUND", _("Background")


class Screening(TextChoices):
    INCLUDED = "included", _("In the catalogue")
    EXCLUDED = "excluded", _("Not in the catalogue")
    REVIEW = "review", _("To be looked at")


class ScreeningRule(TextChoices):
    """Why the rules take a study in or leave it out; the words of each verdict say on what."""

    CELLS = "cells", _("Cells given for a disease of bones, joints, muscles or spine")
    CELL_FREE = "cell-free", _("What cells make, given for such a disease")
    UNSURE = "unsure", _("Not sure enough: for a person to decide")
    NO_CELLS = "no-cells", _("No cells named in titles, arms or interventions")
    BACKGROUND = "background", _("Cells named, but none given")
    NO_INDICATION = "no-indication", _("Cells given, but for another kind of disease")


class FactKind(TextChoices):
    """The facts that the registry does not normalise."""

    CELL_THERAPY = "cell_therapy", _("Cell therapy")
    CELL_SOURCE = "cell_source", _("Cell source")
    DONOR_TYPE = "donor_type", _("Donor")
    PREPARATION = "preparation", _("Preparation")
    ROUTE = "route", _("Route")
    DOSE = "dose", _("Dose")
    ADMINISTRATIONS = "administrations", _("Number of administrations")
    INDICATION = "indication", _("Indication")
    PRODUCT = "product", _("Product")
    ADJUNCT = "adjunct", _("Given together with")
    COMPARATOR = "comparator", _("Compared with")


class DecisionKind(TextChoices):
    """What a person can decide about."""

    FACTS = "facts", _("Facts about the cells")
    SCREENING = "screening", _("In the catalogue or not")
    TITLE = "title", _("Chinese title")
    SPONSOR = "sponsor", _("Names of a sponsor")
    MERGE = "merge", _("Two sponsors that are one")
    PUBLICATION = "publication", _("Publication of a trial")


# What else of a trial than its facts a reader can report.
REPORTED_BESIDE_FACTS: dict[str, Any] = {
    "title": _("Title"),
    "status": _("Who can join"),
    "sites": _("Who runs it, and where"),
    "publications": _("Publications"),
    "screening": _("Whether it belongs here"),
}
REPORTABLE: dict[str, Any] = dict(FactKind.choices) | REPORTED_BESIDE_FACTS


class ReportedFault(TextChoices):
    """What a reader says is wrong."""

    WRONG = "wrong", _("It is wrong")
    MISSING = "missing", _("Something is missing")
    OUTDATED = "outdated", _("It is out of date")
    QUOTE = "quote", _("The quoted words do not say it")
    LANGUAGE = "language", _("The Chinese or the English is wrong")
    OTHER = "other", _("Something else")


class ReportOutcome(TextChoices):
    """What became of a reader's report."""

    CORRECTED = "corrected", _("Corrected")
    RIGHT = "right", _("The catalogue is right")
    REGISTRY = "registry", _("Only the registry can correct it")
    UNCLEAR = "unclear", _("Cannot be told")
    SPAM = "spam", _("Not a report")


class DoubtKind(TextChoices):
    """Why a person should look at a trial, the worst first."""

    CONFLICT = "conflict", _("Sources disagree")
    DISSENT = "dissent", _("A decision that something later disagrees with")
    UNSURE = "unsure", _("Read, but not surely")
    NO_SOURCE = "no-source", _("No cell source found")
    NEW_VALUE = "new-value", _("A word of the registry’s that is new to us")


class Role(TextChoices):
    """Which arms a fact speaks of."""

    EXPERIMENTAL = "experimental", _("studied product")
    COMPARATOR = "comparator", _("comparator only")


class Basis(TextChoices):
    """Who says so. The order is the order of precedence (see `trials.showing`)."""

    CURATOR = "curator", _("decided by a curator")
    RECORD = "record", _("read in the registry's record")
    DOCUMENT = "document", _("said by a document")
    RULE = "rule", _("read by a rule in the registry's record")
    INFERRED = "inferred", _("inferred, not stated")


class CellTherapy(TextChoices):
    YES = "yes", _("Living cells")
    CELL_FREE = "cell-free", _("Cell-free product")
    NO = "no", _("No cell therapy")


class DonorType(TextChoices):
    AUTOLOGOUS = "autologous", _("Autologous (the patient's own)")
    ALLOGENEIC = "allogeneic", _("Allogeneic (a donor's)")
    XENOGENEIC = "xenogeneic", _("Xenogeneic (an animal's)")


class Preparation(TextChoices):
    EXPANDED = "expanded", _("Culture-expanded")
    MINIMALLY_MANIPULATED = "minimally-manipulated", _("Minimally manipulated")
    CELL_FREE = "cell-free", _("Cell-free")


class Route(TextChoices):
    INTRA_ARTICULAR = "intra-articular", _("Into the joint")
    INTRADISCAL = "intradiscal", _("Into the disc")
    INTRAOSSEOUS = "intraosseous", _("Into the bone")
    IMPLANTATION = "implantation", _("Implanted at surgery")
    LOCAL_INJECTION = "local-injection", _("Local injection")
    INTRAMUSCULAR = "intramuscular", _("Into the muscle")
    INTRAVENOUS = "intravenous", _("Into a vein")
    INTRA_ARTERIAL = "intra-arterial", _("Into an artery")
    INTRATHECAL = "intrathecal", _("Into the spinal canal")
    INTRACORONARY = "intracoronary", _("Into a coronary artery")
    INTRAMYOCARDIAL = "intramyocardial", _("Into the heart muscle")
    TOPICAL = "topical", _("On the surface")
    OTHER = "other", pgettext_lazy("route", "Another way")


class Treatment(TextChoices):
    """What is given together with the cells, or what they are compared with.

    Rules read these; people may write other words.
    """

    HYALURONIC_ACID = "hyaluronic-acid", _("Hyaluronic acid")
    PLATELET_RICH_PLASMA = "platelet-rich-plasma", _("Platelet-rich plasma")
    CORTICOSTEROID = "corticosteroid", _("Corticosteroid")
    SALINE = "saline", _("Saline")
    PLACEBO = "placebo", _("Placebo")
    SHAM = "sham", _("Sham procedure")
    FIBRIN = "fibrin", _("Fibrin")
    COLLAGEN = "collagen", _("Collagen")
    BONE_SUBSTITUTE = "bone-substitute", _("Bone substitute")
    BONE_GRAFT = "bone-graft", _("Bone graft")
    SCAFFOLD = "scaffold", _("Scaffold or gel")
    MICROFRACTURE = "microfracture", _("Microfracture")
    CORE_DECOMPRESSION = "core-decompression", _("Core decompression")
    OSTEOTOMY = "osteotomy", _("Osteotomy")
    ARTHROSCOPY = "arthroscopy", _("Arthroscopy")
    SURGICAL_REPAIR = "surgical-repair", _("Surgical repair")
    PHYSIOTHERAPY = "physiotherapy", _("Physiotherapy or exercise")
    SHOCK_WAVE = "shock-wave", _("Shock waves")
    GROWTH_FACTOR = "growth-factor", _("Growth factor")
    MEDICINE = "medicine", _("Medicine")
    STANDARD_CARE = "standard-care", _("Standard care")
    NO_TREATMENT = "no-treatment", _("No treatment")


class DoseUnit(TextChoices):
    CELLS = "cells", _("cells")
    PER_KG = "cells/kg", _("cells per kg of body weight")
    PER_ML = "cells/mL", _("cells per mL")
    PER_CM2 = "cells/cm2", _("cells per cm²")


class Verdict(TextChoices):
    """What was found when a document's claim was checked."""

    CONFIRMED = "confirmed", _("Confirmed")
    MISREAD = "misread", _("Misread")
    CONTRADICTED = "contradicted", _("Contradicted")
    UNVERIFIED = "unverified", _("Unverified")


class ClaimTopic(TextChoices):
    EFFICACY = "efficacy", _("Effect")
    SAFETY = "safety", _("Safety")
    COUNT = "count", _("Number of trials or products")
    APPROVAL = "approval", _("Approval")
    EPIDEMIOLOGY = "epidemiology", _("How common the disease is")
    DATE = "date", _("Date")
    MECHANISM = "mechanism", _("How it works")
    STUDY = "study", _("About a study")


class DocumentKind(TextChoices):
    SELLER = "seller", _("Seller's page")
    CLINIC = "clinic", _("Clinic's page")
    CONTRACT_RESEARCH = "contract-research", _("Contract research organisation's page")
    CELL_BANK = "cell-bank", _("Cell bank's page")
    NEWS = "news", _("News page")


class AliasKind(TextChoices):
    REGISTRY = "registry", _("as the registry spells it")
    FORMER = "former", _("former name")
    CHINESE = "chinese", _("Chinese name")
    MACHINE_TRANSLATION = "machine-translation", _("machine translation")
    OTHER = "other", pgettext_lazy("name", "other name")


class IsStemCell(TextChoices):
    YES = "yes", _("Stem or stromal cells")
    PROGENITOR = "progenitor", _("Progenitor cells")
    NO = "no", _("No stem cells")


class ApprovalKind(TextChoices):
    APPROVAL = "approval", _("Approved")
    SUSPENSION = "suspension", _("Suspended")
    WITHDRAWAL = "withdrawal", _("Withdrawn")
    TRIAL_PERMISSION = "trial-permission", _("Permitted to be tried, not approved")


class LexiconTable(TextChoices):
    """The tables of `trials/extraction/lexicon/` that editors may add phrases to."""

    SOURCES = "sources", _("Cell sources")
    INDICATIONS = "indications", _("Indications")
    PRODUCTS = "products", _("Products")
    ROUTES = "routes", _("Routes")


class RunStatus(TextChoices):
    RUNNING = "running", _("Running")
    COMPLETE = "complete", _("Complete")
    INCOMPLETE = "incomplete", _("Incomplete")
    FAILED = "failed", _("Failed")


class RunKind(TextChoices):
    """What a refresh asks for."""

    FULL = "full", _("Everything")
    INCREMENTAL = "incremental", _("What was updated since the last refresh")
    QUERY = "query", _("One stored query")
    NUMBERS = "numbers", _("Single studies")
    FILES = "files", _("Files")
    EXTRACT = "extract", _("Facts worked out again from the stored records")


class ChangeKind(TextChoices):
    """What a change of a registry record amounts to."""

    FIRST = "first", _("First seen")
    MATERIAL = "material", _("Changed")
    COSMETIC = "cosmetic", _("Rewritten without a change of meaning")
    GONE = "gone", _("No longer in the registry")
    BACK = "back", _("In the registry again")
    RENUMBERED = "renumbered", _("Has another number")


# What a fact of each kind may say, where that is a closed list.
FACT_VALUES: dict[str, type[TextChoices]] = {
    FactKind.CELL_THERAPY: CellTherapy,
    FactKind.DONOR_TYPE: DonorType,
    FactKind.PREPARATION: Preparation,
    FactKind.ROUTE: Route,
}
