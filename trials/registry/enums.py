"""The registry's lists of words, as far as the catalogue reads them.

The values are those of its `/studies/enums` (API 2.0.5). They are written down here, and not taken
from our own vocabulary, because a value that is new at the registry must be seen as new: it is kept
and reported (see `fields.Fields.choice`).
"""

STATUS = frozenset(
    {
        "ACTIVE_NOT_RECRUITING",
        "APPROVED_FOR_MARKETING",
        "AVAILABLE",
        "COMPLETED",
        "ENROLLING_BY_INVITATION",
        "NO_LONGER_AVAILABLE",
        "NOT_YET_RECRUITING",
        "RECRUITING",
        "SUSPENDED",
        "TEMPORARILY_NOT_AVAILABLE",
        "TERMINATED",
        "UNKNOWN",
        "WITHDRAWN",
        "WITHHELD",
    }
)
STUDY_TYPE = frozenset({"EXPANDED_ACCESS", "INTERVENTIONAL", "OBSERVATIONAL"})
PHASE = frozenset({"NA", "EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4"})
DATE_TYPE = frozenset({"ACTUAL", "ESTIMATED"})
ENROLLMENT_TYPE = DATE_TYPE
ALLOCATION = frozenset({"RANDOMIZED", "NON_RANDOMIZED", "NA"})
INTERVENTION_MODEL = frozenset({"SINGLE_GROUP", "PARALLEL", "CROSSOVER", "FACTORIAL", "SEQUENTIAL"})
PRIMARY_PURPOSE = frozenset(
    {
        "BASIC_SCIENCE",
        "DEVICE_FEASIBILITY",
        "DIAGNOSTIC",
        "ECT",
        "HEALTH_SERVICES_RESEARCH",
        "OTHER",
        "PREVENTION",
        "SCREENING",
        "SUPPORTIVE_CARE",
        "TREATMENT",
    }
)
MASKING = frozenset({"NONE", "SINGLE", "DOUBLE", "TRIPLE", "QUADRUPLE"})
OBSERVATIONAL_MODEL = frozenset(
    {
        "CASE_CONTROL",
        "CASE_CROSSOVER",
        "CASE_ONLY",
        "COHORT",
        "DEFINED_POPULATION",
        "ECOLOGIC_OR_COMMUNITY",
        "FAMILY_BASED",
        "NATURAL_HISTORY",
        "OTHER",
    }
)
TIME_PERSPECTIVE = frozenset({"RETROSPECTIVE", "PROSPECTIVE", "CROSS_SECTIONAL", "OTHER"})
SPONSOR_CLASS = frozenset(
    {
        "AMBIG",
        "FED",
        "INDIV",
        "INDUSTRY",
        "NETWORK",
        "NIH",
        "OTHER",
        "OTHER_GOV",
        "UNKNOWN",
    }
)
SECONDARY_ID_TYPE = frozenset(
    {
        "AHRQ",
        "CDC",
        "CTIS",
        "EUDRACT_NUMBER",
        "FDA",
        "NIH",
        "OTHER",
        "OTHER_GRANT",
        "REGISTRY",
        "SAMHSA",
        "VA",
    }
)
ARM_TYPE = frozenset(
    {
        "ACTIVE_COMPARATOR",
        "EXPERIMENTAL",
        "NO_INTERVENTION",
        "OTHER",
        "PLACEBO_COMPARATOR",
        "SHAM_COMPARATOR",
    }
)
INTERVENTION_TYPE = frozenset(
    {
        "BEHAVIORAL",
        "BIOLOGICAL",
        "COMBINATION_PRODUCT",
        "DEVICE",
        "DIAGNOSTIC_TEST",
        "DIETARY_SUPPLEMENT",
        "DRUG",
        "GENETIC",
        "OTHER",
        "PROCEDURE",
        "RADIATION",
    }
)
SEX = frozenset({"ALL", "FEMALE", "MALE"})
STANDARD_AGE = frozenset({"ADULT", "CHILD", "OLDER_ADULT"})
REFERENCE_TYPE = frozenset({"BACKGROUND", "DERIVED", "RESULT"})
