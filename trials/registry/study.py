"""What a study record of the registry says: `Study`, and `parse_study`, which reads one.

All knowledge of the registry's JSON is here. Absent texts are "", absent lists are (), and what is
unknown is None. Texts are as they came (Markdown, escapes and all), less what cannot be stored.
"""

from dataclasses import dataclass
from datetime import date

from trials.registry import enums
from trials.registry.ages import age_in_days, is_no_limit
from trials.registry.arms import Arm, Intervention, read_arms
from trials.registry.errors import UnusableRecord
from trials.registry.fields import Fields, UnknownValue, WrongShape, unique
from trials.registry.numbers import registry_number
from trials.registry.places import Location, read_locations, read_removed_countries

UNKNOWN_ENROLLMENT = 99_999_999  # the registry's way of writing "not known"


@dataclass(frozen=True, slots=True)
class Sponsor:
    name: str
    sponsor_class: str


@dataclass(frozen=True, slots=True)
class SecondaryId:
    id: str
    type: str
    domain: str
    link: str


@dataclass(frozen=True, slots=True)
class Enrollment:
    count: int | None  # None: not known. Zero is a count: a study withdrawn before it began
    type: str


@dataclass(frozen=True, slots=True)
class Outcome:
    kind: str  # "primary", "secondary" or "other"
    measure: str
    description: str
    time_frame: str


@dataclass(frozen=True, slots=True)
class Reference:
    pmid: str
    type: str
    citation: str
    retractions: tuple[str, ...]  # where each retraction was published

    @property
    def retracted(self) -> bool:
        return bool(self.retractions)


@dataclass(frozen=True, slots=True)
class Mesh:
    id: str
    term: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One study as the registry has it. Partial dates are texts: "2016-03" stays "2016-03"."""

    registry_id: str
    aliases: tuple[str, ...]
    title: str
    official_title: str
    acronym: str
    org_study_id: str
    secondary_ids: tuple[SecondaryId, ...]

    status: str
    last_known_status: str
    why_stopped: str
    status_verified: str
    start_date: str
    start_date_type: str
    primary_completion_date: str
    primary_completion_date_type: str
    completion_date: str
    completion_date_type: str
    first_posted: date | None
    last_updated: date | None
    results_first_posted: date | None
    has_results: bool
    version_date: date | None  # the registry's data that this copy of the record belongs to

    lead_sponsor: Sponsor | None
    collaborators: tuple[Sponsor, ...]

    brief_summary: str
    detailed_description: str
    conditions: tuple[str, ...]
    keywords: tuple[str, ...]
    condition_meshes: tuple[Mesh, ...]
    intervention_meshes: tuple[Mesh, ...]

    study_type: str
    phases: tuple[str, ...]
    allocation: str
    intervention_model: str
    primary_purpose: str
    masking: str
    observational_model: str
    time_perspective: str
    enrollment: Enrollment

    arms: tuple[Arm, ...]
    interventions: tuple[Intervention, ...]
    outcomes: tuple[Outcome, ...]

    eligibility_criteria: str
    healthy_volunteers: bool | None
    sex: str
    minimum_age: str
    maximum_age: str
    minimum_age_days: int | None
    maximum_age_days: int | None
    std_ages: tuple[str, ...]

    locations: tuple[Location, ...]
    removed_countries: tuple[str, ...]  # ISO codes of countries that no longer take part
    references: tuple[Reference, ...]

    unknown_values: tuple[UnknownValue, ...]  # values left out above, for a caller to report


def parse_study(raw: object) -> Study:
    """Read one study record of the data API v2. UnusableRecord says why one cannot be used."""
    noted: dict[UnknownValue, None] = {}
    registry_id = ""
    try:
        record = Fields(raw, "", noted)
        identification = record.section("protocolSection").section("identificationModule")
        registry_id = registry_number(identification.label("nctId")) or ""
        if not registry_id:
            raise UnusableRecord("", f"“{identification.label('nctId')[:40]}” is no NCT number")
        return _study(registry_id, record, noted)
    except WrongShape as error:
        raise UnusableRecord(registry_id, str(error)) from error


def _study(registry_id: str, record: Fields, noted: dict[UnknownValue, None]) -> Study:
    protocol = record.section("protocolSection")
    derived = record.section("derivedSection")
    identification = protocol.section("identificationModule")
    status = protocol.section("statusModule")
    start = status.section("startDateStruct")
    primary_completion = status.section("primaryCompletionDateStruct")
    completion = status.section("completionDateStruct")
    sponsors = protocol.section("sponsorCollaboratorsModule")
    description = protocol.section("descriptionModule")
    conditions = protocol.section("conditionsModule")
    design = protocol.section("designModule")
    info = design.section("designInfo")
    eligibility = protocol.section("eligibilityModule")
    misc = derived.section("miscInfoModule")
    arms, interventions = read_arms(protocol.section("armsInterventionsModule"))
    title = identification.label("briefTitle") or identification.label("officialTitle")
    if not title:
        raise UnusableRecord(registry_id, "it has neither a brief nor an official title")
    return Study(
        registry_id=registry_id,
        aliases=_aliases(registry_id, identification),
        title=title,
        official_title=identification.label("officialTitle"),
        acronym=identification.label("acronym"),
        org_study_id=identification.section("orgStudyIdInfo").label("id"),
        secondary_ids=_secondary_ids(identification),
        status=status.choice("overallStatus", enums.STATUS),
        last_known_status=status.choice("lastKnownStatus", enums.STATUS),
        why_stopped=status.text("whyStopped"),
        status_verified=status.partial_date("statusVerifiedDate"),
        start_date=start.partial_date("date"),
        start_date_type=start.choice("type", enums.DATE_TYPE),
        primary_completion_date=primary_completion.partial_date("date"),
        primary_completion_date_type=primary_completion.choice("type", enums.DATE_TYPE),
        completion_date=completion.partial_date("date"),
        completion_date_type=completion.choice("type", enums.DATE_TYPE),
        first_posted=status.section("studyFirstPostDateStruct").day("date"),
        last_updated=status.section("lastUpdatePostDateStruct").day("date"),
        results_first_posted=status.section("resultsFirstPostDateStruct").day("date"),
        has_results=record.flag("hasResults") or False,
        version_date=misc.day("versionHolder"),
        lead_sponsor=_sponsor(sponsors.section("leadSponsor")),
        collaborators=_collaborators(sponsors),
        brief_summary=description.text("briefSummary"),
        detailed_description=description.text("detailedDescription"),
        conditions=conditions.labels("conditions"),
        keywords=conditions.labels("keywords"),
        condition_meshes=_meshes(derived.section("conditionBrowseModule")),
        intervention_meshes=_meshes(derived.section("interventionBrowseModule")),
        study_type=design.choice("studyType", enums.STUDY_TYPE),
        phases=design.choices("phases", enums.PHASE),
        allocation=info.choice("allocation", enums.ALLOCATION),
        intervention_model=info.choice("interventionModel", enums.INTERVENTION_MODEL),
        primary_purpose=info.choice("primaryPurpose", enums.PRIMARY_PURPOSE),
        masking=info.section("maskingInfo").choice("masking", enums.MASKING),
        observational_model=info.choice("observationalModel", enums.OBSERVATIONAL_MODEL),
        time_perspective=info.choice("timePerspective", enums.TIME_PERSPECTIVE),
        enrollment=_enrollment(design.section("enrollmentInfo")),
        arms=arms,
        interventions=interventions,
        outcomes=_outcomes(protocol.section("outcomesModule")),
        eligibility_criteria=eligibility.text("eligibilityCriteria"),
        healthy_volunteers=eligibility.flag("healthyVolunteers"),
        sex=eligibility.choice("sex", enums.SEX),
        minimum_age=eligibility.label("minimumAge"),
        maximum_age=eligibility.label("maximumAge"),
        minimum_age_days=_age(eligibility, "minimumAge"),
        maximum_age_days=_age(eligibility, "maximumAge"),
        std_ages=eligibility.choices("stdAges", enums.STANDARD_AGE),
        locations=read_locations(protocol.section("contactsLocationsModule")),
        removed_countries=read_removed_countries(misc),
        references=_references(protocol.section("referencesModule")),
        unknown_values=tuple(noted),
    )


def _aliases(registry_id: str, identification: Fields) -> tuple[str, ...]:
    aliases = []
    for alias in identification.labels("nctIdAliases"):
        number = registry_number(alias)
        if number is None:
            identification.note("nctIdAliases", alias)
        elif number != registry_id:
            aliases.append(number)
    return unique(aliases)


def _secondary_ids(identification: Fields) -> tuple[SecondaryId, ...]:
    return unique(
        SecondaryId(
            id=info.label("id"),
            type=info.choice("type", enums.SECONDARY_ID_TYPE),
            domain=info.label("domain"),
            link=info.label("link"),
        )
        for info in identification.sections("secondaryIdInfos")
        if info.label("id")
    )


def _sponsor(sponsor: Fields) -> Sponsor | None:
    name = sponsor.label("name")
    sponsor_class = sponsor.choice("class", enums.SPONSOR_CLASS)
    return Sponsor(name, sponsor_class) if name else None


def _collaborators(sponsors: Fields) -> tuple[Sponsor, ...]:
    by_name: dict[str, Sponsor] = {}
    for collaborator in map(_sponsor, sponsors.sections("collaborators")):
        if collaborator is not None:
            by_name.setdefault(collaborator.name, collaborator)
    return tuple(by_name.values())


def _meshes(browse: Fields) -> tuple[Mesh, ...]:
    return unique(Mesh(mesh.label("id"), mesh.label("term")) for mesh in browse.sections("meshes"))


def _enrollment(info: Fields) -> Enrollment:
    count = info.count("count")
    return Enrollment(
        count=None if count == UNKNOWN_ENROLLMENT else count,
        type=info.choice("type", enums.ENROLLMENT_TYPE),
    )


def _outcomes(outcomes: Fields) -> tuple[Outcome, ...]:
    return unique(
        Outcome(
            kind=kind,
            measure=outcome.text("measure"),
            description=outcome.text("description"),
            time_frame=outcome.text("timeFrame"),
        )
        for kind in ("primary", "secondary", "other")
        for outcome in outcomes.sections(f"{kind}Outcomes")
    )


def _age(eligibility: Fields, name: str) -> int | None:
    text = eligibility.label(name)
    days = age_in_days(text)
    if days is None and not is_no_limit(text):
        eligibility.note(name, text)
    return days


def _references(references: Fields) -> tuple[Reference, ...]:
    return unique(
        Reference(
            pmid=reference.label("pmid"),
            type=reference.choice("type", enums.REFERENCE_TYPE),
            citation=reference.text("citation"),
            retractions=unique(
                retraction.text("source") or retraction.label("pmid")
                for retraction in reference.sections("retractions")
            ),
        )
        for reference in references.sections("references")
    )
