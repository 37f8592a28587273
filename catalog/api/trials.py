"""A trial as JSON: in a list, and whole."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from catalog.api.fields import (
    Address,
    Each,
    Listed,
    ListedWords,
    LocalName,
    Maybe,
    MaybeAddress,
    Moment,
    OneOfThese,
    PartialDateText,
    Short,
    Words,
)
from catalog.api.sheets import BOTH, Sheet
from trials.conflicts import conflicts
from trials.models import Trial
from trials.search.vocabularies import in_language
from trials.vocabulary import (
    NOT_STATED,
    ArmType,
    Basis,
    DateType,
    DonorType,
    DoseUnit,
    FactKind,
    InterventionType,
    OutcomeKind,
    Preparation,
    ReferenceType,
    Role,
    Route,
    Sex,
    SponsorClass,
    Status,
    StudyType,
)
from trials.vocabulary import Phase as PhaseValue

# DRF moves declared fields out of the class, so that a field called `label` hides nothing; only
# mypy sees a clash there (type: ignore[assignment]).


class Name(serializers.Serializer[Any]):
    """A name in both languages; null where no Chinese one is known."""

    en = serializers.CharField(source="name")
    zh = Maybe(source="name_zh")


class Title(serializers.Serializer[Any]):
    """A title in both languages; null where no Chinese one is known."""

    en = serializers.CharField(source="title")
    zh = Maybe(source="title_zh")


class ShortTitle(serializers.Serializer[Any]):
    """A title as lists show it: very long ones are cut and end in "…"."""

    en = Short(source="title", allow_null=False)
    zh = Short(source="title_zh")


class SponsorOfTrial(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = Name(source="*")

    def get_fields(self) -> dict[str, Any]:
        # "class" is a word of Python, so it cannot be declared as the others are.
        return {**super().get_fields(), "class": Listed(SponsorClass, source="sponsor_class")}


class CountryOfTrial(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = LocalName()


class CellSourceOfTrial(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = LocalName(source="cell_source")
    role = Listed(Role)
    basis = Listed(Basis)
    quote = Maybe()


class Dose(serializers.Serializer[Any]):
    text = Maybe()
    min = serializers.FloatField(source="dose_min", allow_null=True)
    max = serializers.FloatField(source="dose_max", allow_null=True)
    unit = Listed(DoseUnit, source="dose_unit")

    def to_representation(self, instance: Any) -> Any:
        return None if instance.dose_min is None else super().to_representation(instance)


class NamedThing(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = LocalName()


class TitledThing(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = LocalName("title")


class Enrollment(serializers.Serializer[Any]):
    """Unknown is null, never zero."""

    count = serializers.IntegerField(allow_null=True)
    type = Listed(DateType)


def values_and(choices: Any, *further: str) -> tuple[str, ...]:
    return (*choices.values, *further)


class TrialRow(serializers.Serializer[Any]):
    """A trial as lists show it. `donor_type` and `preparation` are "both" where two stand.

    Titles of more than 300 characters are cut and end in "…"; the trial's own address has them
    whole.
    """

    id = serializers.CharField(source="trial.number")
    url = Address("trial", "number", source="trial")
    registry = Maybe(source="trial.registry")
    registry_id = Maybe(source="trial.registry_id")
    registry_url = MaybeAddress()
    title = ShortTitle(source="trial")
    official_title = Short(source="trial.official_title")
    acronym = Maybe(source="trial.acronym")
    status = Listed(Status, source="trial.status")
    phases = ListedWords(PhaseValue)
    study_type = Listed(StudyType, source="trial.study_type")
    start_date = PartialDateText(source="trial.start_date")
    primary_completion_date = PartialDateText(source="trial.primary_completion_date")
    completion_date = PartialDateText(source="trial.completion_date")
    enrollment = Enrollment()
    sponsor = SponsorOfTrial(allow_null=True)
    collaborators = SponsorOfTrial(many=True)
    countries = CountryOfTrial(many=True)
    cell_sources = CellSourceOfTrial(many=True)
    donor_type = OneOfThese(values_and(DonorType, BOTH, NOT_STATED))
    preparation = OneOfThese(values_and(Preparation, BOTH, NOT_STATED))
    routes = ListedWords(Route)
    doses = Dose(many=True)
    administrations = serializers.IntegerField(allow_null=True)
    indications = NamedThing(many=True)
    products = NamedThing(many=True)
    publications = TitledThing(many=True)
    documents = TitledThing(many=True)
    has_results = serializers.BooleanField(source="trial.has_results", allow_null=True)
    first_posted = serializers.DateField(source="trial.first_posted", allow_null=True)
    last_updated = serializers.DateField(source="trial.last_updated", allow_null=True)
    refreshed_at = Moment(source="trial.refreshed_at", allow_null=True)
    curated = serializers.BooleanField(source="trial.curated")

    def to_representation(self, instance: Trial) -> dict[str, Any]:
        return super().to_representation(Sheet(instance))


class Arm(serializers.Serializer[Any]):
    label = Maybe()  # type: ignore[assignment]
    type = Listed(ArmType)
    description = Maybe()


class Intervention(serializers.Serializer[Any]):
    type = Listed(InterventionType)
    name = serializers.CharField()
    description = Maybe()
    other_names = Words()
    arms = Each("label")


class Outcome(serializers.Serializer[Any]):
    kind = Listed(OutcomeKind)
    measure = serializers.CharField()
    description = Maybe()
    time_frame = Maybe()


class Eligibility(serializers.Serializer[Any]):
    """Ages as the registry writes them, and in days where they are ages."""

    criteria = Maybe(source="eligibility_criteria")
    sex = Listed(Sex)
    minimum_age = Maybe()
    maximum_age = Maybe()
    minimum_age_days = serializers.IntegerField(allow_null=True)
    maximum_age_days = serializers.IntegerField(allow_null=True)
    healthy_volunteers = serializers.BooleanField(allow_null=True)
    std_ages = Words()


class SiteOfTrial(serializers.Serializer[Any]):
    facility = Maybe()
    city = Maybe()
    state = Maybe()
    country = CountryOfTrial(allow_null=True)
    country_name = Maybe()
    status = Listed(Status)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)


class FactLabel(serializers.CharField):
    """A fact's value in the language of the request."""

    def to_representation(self, value: Any) -> str:
        linked = value.linked
        return in_language(linked.name, getattr(linked, "name_zh", "")) if linked else value.label


class FactOfTrial(serializers.Serializer[Any]):
    """A statement with the words that it rests on, who decided it and when.

    `shown` is false where a statement of a higher basis stands in its stead.
    """

    kind = Listed(FactKind)
    role = Listed(Role)
    value = Maybe(source="slug")
    label = FactLabel(source="*")  # type: ignore[assignment]
    number = serializers.IntegerField(allow_null=True)
    dose = Dose(source="*", allow_null=True)
    basis = Listed(Basis)
    quote = Maybe()
    place = Maybe()
    document = TitledThing(allow_null=True)
    source = Maybe()  # type: ignore[assignment]
    rule = Maybe()
    confidence = serializers.FloatField(allow_null=True)
    decided_by = Maybe(source="decider")
    decided_at = Moment()
    note = Maybe()
    shown = serializers.BooleanField()


class ConflictOfTrial(serializers.Serializer[Any]):
    kind = Listed(FactKind)
    role = Listed(Role)
    facts = FactOfTrial(many=True)


class MentionOfTrial(serializers.Serializer[Any]):
    """Where a document names the trial, in the document's own words."""

    document = TitledThing()
    place = serializers.CharField()
    position = serializers.IntegerField(allow_null=True)
    sponsor_words = Maybe()
    title_words = Maybe()
    title_zh_words = Maybe()
    note = Maybe()


class ReferenceOfTrial(serializers.Serializer[Any]):
    pmid = Maybe()
    type = Listed(ReferenceType)
    citation = Maybe()
    retracted = serializers.BooleanField()


class TrialWhole(TrialRow):
    """A trial with everything that the catalogue knows about it."""

    title = Title(source="trial")  # type: ignore[assignment]
    official_title = Maybe(source="trial.official_title")  # type: ignore[assignment]
    aliases = Words()
    last_known_status = Listed(Status, source="trial.last_known_status")
    why_stopped = Maybe(source="trial.why_stopped")
    brief_summary = Maybe(source="trial.brief_summary")
    detailed_description = Maybe(source="trial.detailed_description")
    conditions = Words(source="trial.conditions")
    keywords = Words(source="trial.keywords")
    arms = Arm(many=True, source="trial.arms.all")
    interventions = Intervention(many=True, source="trial.interventions.all")
    outcomes = Outcome(many=True, source="trial.outcomes.all")
    eligibility = Eligibility(source="trial")
    sites = SiteOfTrial(many=True, source="trial.sites.all")
    facts = FactOfTrial(many=True, source="trial.live_facts")
    conflicts = ConflictOfTrial(many=True)
    mentions = MentionOfTrial(many=True, source="trial.mentions.all")
    references = ReferenceOfTrial(many=True, source="trial.references.all")
    registry_as_of = PartialDateText(source="trial.registry_as_of")
    registry_origin = Maybe(source="trial.registry_origin")
    doubt = Maybe(source="trial.doubt")
    note = Maybe(source="trial.note")

    def to_representation(self, instance: Trial) -> dict[str, Any]:
        return serializers.Serializer.to_representation(self, WholeSheet(instance))


class WholeSheet(Sheet):
    @property
    def aliases(self) -> list[str]:
        return [row.number for row in self.trial.aliases.all()]

    @property
    def conflicts(self) -> Any:
        facts: Any = self.trial
        return conflicts(facts.live_facts)
