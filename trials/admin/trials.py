"""Trials: the registry's columns for reading, the facts about the cells for deciding."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from trials.admin.access import BoundedList, NeverAdded, NeverDeleted
from trials.admin.deciding import COMPARATORS, CONTROLS, FIELDS, DecisionForm
from trials.admin.filters import (
    CellSourceFilter,
    CuratedFilter,
    DocumentFilter,
    DonorFilter,
    ReviewFilter,
)
from trials.admin.screening import Screens
from trials.admin.terms import named
from trials.admin.undoing import decisions_in_words
from trials.admin.words import WordFilter
from trials.models import Fact, Trial
from trials.models.fact import LINKED
from trials.vocabulary import FactKind, Role, SponsorRole

REGISTRY_PAGE = "https://clinicaltrials.gov/study/{}"

READING: tuple[tuple[Any, dict[str, Any]], ...] = (
    (
        _("What is said about the cells"),
        {"fields": ("statements",)},
    ),
    (_("Decisions"), {"fields": ("decisions",)}),
    (
        _("From the registry"),
        {
            "description": _("These columns are the refresh's own: nobody edits them here."),
            "fields": (
                "official_title",
                "acronym",
                "status_in_words",
                "phase_names",
                "study_type_in_words",
                "enrollment_count",
                "start_date",
                "completion_date",
                "brief_summary",
                "conditions_named",
                "interventions_given",
                "arms_described",
                "last_updated",
                "registry_as_of",
                "registry_origin",
                "refreshed_at",
            ),
        },
    ),
    (
        _("Long texts"),
        {"classes": ("collapse",), "fields": ("detailed_description", "eligibility_criteria")},
    ),
    (
        _("In the catalogue"),
        {
            "fields": (
                "screening",
                "screening_reason",
                "turned_out",
                "doubt",
                "note_of_the_catalogue",
            )
        },
    ),
)
DECIDING = (
    _("Decide"),
    {
        "classes": ("deciding",),
        "description": _(
            "Ticked is what the catalogue shows now. Change what is wrong and write a note. "
            "Nothing ticked means: the record does not say."
        ),
        "fields": tuple(name for name in FIELDS if name != COMPARATORS),
    },
)
CONTROL_ONLY = _("Cells that only a control group receives")
SIGNING = (_("Confirm, withdraw, and say why"), {"classes": ("deciding",), "fields": CONTROLS})


@admin.register(Trial)
class TrialAdmin(BoundedList, NeverAdded, NeverDeleted, Screens):
    """A curator's own permission is to decide about facts; it opens this page for deciding."""

    form = DecisionForm
    save_on_top = True
    list_display = (
        "number",
        "title",
        "sources",
        "donors",
        "is_curated",
        "phase_names",
        "status_in_words",
        "lead_sponsor",
    )
    list_display_links = ("number", "title")
    list_filter = (
        ReviewFilter,
        ("status", WordFilter),
        ("phases__phase", WordFilter),
        CellSourceFilter,
        DonorFilter,
        CuratedFilter,
        DocumentFilter,
        "screening",
    )
    search_fields = (
        "number",
        "aliases__number",
        "title",
        "title_zh",
        "sponsorships__sponsor__name",
        "sponsorships__sponsor__aliases__name",
    )
    search_help_text = _("A number, words of a title in either language, or a sponsor's name")

    class Media:
        css = {"all": ("trials/admin.css",)}

    def has_change_permission(self, request: HttpRequest, obj: Trial | None = None) -> bool:
        # Nobody decides about a trial that turned out to be another: the other is there for it.
        is_joined = obj is not None and obj.joined_to_id is not None
        return request.user.has_perm("trials.change_fact") and not is_joined

    def get_queryset(self, request: HttpRequest) -> QuerySet[Trial]:
        return super().get_queryset(request).for_list()  # type: ignore[attr-defined]

    def get_fieldsets(self, request: HttpRequest, obj: Trial | None = None) -> Any:
        about = (None, {"fields": ("pages", "title_zh", "lead_sponsor")})
        control = (CONTROL_ONLY, {"classes": _fold(request, obj), "fields": (COMPARATORS,)})
        may_decide = self.has_change_permission(request, obj)
        deciding = (DECIDING, control, SIGNING) if may_decide else ()
        return (about, *deciding, *READING)

    def get_readonly_fields(self, request: HttpRequest, obj: Trial | None = None) -> list[str]:
        return ["pages", "title_zh", "lead_sponsor", *(n for _t, o in READING for n in o["fields"])]

    def save_model(self, request: HttpRequest, obj: Trial, form: Any, change: bool) -> None:
        # Not obj.save(): the row is the refresh's, and nothing of it changed.
        said = form.record(by=request.user)
        page = reverse("admin:trials_trial_change", args=[obj.pk])
        messages.success(request, format_html('<a href="{}">{}</a>: {}', page, obj.number, said))

    # Not Django's own: it would add "was changed successfully" to what `save_model` said.
    def response_change(self, request: HttpRequest, obj: Trial) -> HttpResponse:
        if "_continue" not in request.POST:
            return self.response_post_save_change(request, obj)
        kept: dict[str, Any] = {
            "preserved_filters": self.get_preserved_filters(request),
            "opts": self.opts,
        }
        return HttpResponseRedirect(add_preserved_filters(kept, request.path))

    # Django keeps a text as it is; its own message would only list the form's fields.
    def construct_change_message(  # type: ignore[override]
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> str:
        return form.summary()

    # Not the column itself: of a word that is new to us, the admin would show nothing.
    @admin.display(description=_("status"), ordering="status")
    def status_in_words(self, trial: Trial) -> str:
        return trial.get_status_display()

    @admin.display(description=_("study type"))
    def study_type_in_words(self, trial: Trial) -> str:
        return trial.get_study_type_display()

    @admin.display(description=_("phases"))
    def phase_names(self, trial: Trial) -> str:
        return ", ".join(str(phase) for phase in trial.phases.all())

    @admin.display(description=_("sponsor"))
    def lead_sponsor(self, trial: Trial) -> str:
        parts = trial.sponsorships.all()
        return ", ".join(part.sponsor.name for part in parts if part.role == SponsorRole.LEAD)

    @admin.display(description=_("cell sources"))
    def sources(self, trial: Trial) -> str:
        facts = _studied(trial, FactKind.CELL_SOURCE)
        return ", ".join(
            named(fact.cell_source) if fact.cell_source else fact.label for fact in facts
        )

    @admin.display(description=_("donor"))
    def donors(self, trial: Trial) -> str:
        facts = _studied(trial, FactKind.DONOR_TYPE)
        return ", ".join(fact.value for fact in facts)  # one word each: the labels explain it

    @admin.display(description=_("curated"), boolean=True)
    def is_curated(self, trial: Any) -> bool:
        return bool(trial.curated)

    @admin.display(description=_("pages"))
    def pages(self, trial: Trial) -> SafeString:
        ours = trial.get_absolute_url()
        page = format_html('<a href="{}">{}</a>', ours, _("in the catalogue"))
        if trial.joined_to_id is None:
            itself = reverse("queue-item", args=["trial", trial.pk])
            words = _("decide about all else: whether it is in, its Chinese title, product, papers")
            page = format_html('{} · <a href="{}">{}</a>', page, itself, words)
        if not trial.registry_id:
            return page
        theirs = REGISTRY_PAGE.format(trial.registry_id)
        return format_html('{} · <a href="{}">{}</a>', page, theirs, trial.registry)

    @admin.display(description=_("statements"))
    def statements(self, trial: Trial) -> SafeString:
        facts = trial.facts.select_related(
            "decided_by", "retired_by", "document", *LINKED.values()
        ).order_by("kind", "-shown", "-decided_at", "pk")
        return render_to_string("admin/trials/_statements.html", {"facts": facts})

    @admin.display(description=_("decisions"))
    def decisions(self, trial: Trial) -> SafeString:
        return decisions_in_words(trial.decisions.all())

    @admin.display(description=_("conditions"))
    def conditions_named(self, trial: Trial) -> str:
        return ", ".join(trial.conditions)

    @admin.display(description=_("interventions"))
    def interventions_given(self, trial: Trial) -> SafeString:
        rows = [(row.name, row.description) for row in trial.interventions.all()]
        return render_to_string("admin/trials/_pairs.html", {"rows": rows})

    @admin.display(description=_("arms"))
    def arms_described(self, trial: Trial) -> SafeString:
        rows = [(row.label, row.description) for row in trial.arms.all()]
        return render_to_string("admin/trials/_pairs.html", {"rows": rows})

    @admin.display(description=_("turned out to be"))
    def turned_out(self, trial: Trial) -> SafeString | str:
        if trial.joined_to is None:
            return ""
        page = reverse("admin:trials_trial_change", args=[trial.joined_to.pk])
        return format_html('<a href="{}">{}</a>', page, trial.joined_to)

    @admin.display(description=_("note of the catalogue"))
    def note_of_the_catalogue(self, trial: Trial) -> str:
        return trial.note


def _fold(request: HttpRequest, trial: Trial | None) -> tuple[str, ...]:
    """The classes of the control's ticks: folded, but never over one that is ticked."""
    sources = Fact.objects.filter(trial=trial, kind=FactKind.CELL_SOURCE, shown=True)
    ticked = COMPARATORS in request.POST or sources.filter(role=Role.COMPARATOR).exists()
    return ("deciding",) if ticked else ("deciding", "collapse")


def _studied(trial: Any, kind: str) -> list[Fact]:
    """What is shown of the studied product; a control's own cells are on the trial's page."""
    return [
        fact for fact in trial.shown_facts if fact.kind == kind and fact.role == Role.EXPERIMENTAL
    ]
