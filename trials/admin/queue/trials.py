"""A trial as a whole: in or not, its Chinese title, its papers. It is no kind of the queue."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Self

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trials import curation
from trials.admin.queue.facts import KIND as FACT
from trials.admin.queue.facts import NOTES
from trials.admin.queue.items import Action, Item, Sent, shows
from trials.admin.queue.records import TAKEN_IN
from trials.models import Publication, Trial, TrialPublication
from trials.queue.finding import DECIDED, digest
from trials.vocabulary import FactKind, Screening

KIND = "trial"
TITLED = "Title written by hand."
MOST_PAPERS = 9  # one key each
# The three ways of the registry; any other word can be written on the paper's own page.
RELATIONS = {
    "results": gettext_lazy("Results of the trial"),
    "derived": gettext_lazy("Names the trial"),
    "background": gettext_lazy("Background"),
}


class PaperField(forms.CharField):
    """A paper by its DOI, its PubMed number or its address in the catalogue."""

    def clean(self, value: str | None) -> Publication:
        typed = super().clean(value)
        name = typed.rstrip("/").removeprefix("https://").removeprefix("http://")
        name = name.removeprefix("doi.org/").removeprefix("pubmed.ncbi.nlm.nih.gov/")
        slug = name.rpartition("publications/")[2].partition("?")[0].rstrip("/")
        asked = Q(doi__iexact=name) | Q(pmid=name) | Q(slug=slug)
        # Many papers have no DOI: nothing is no name of theirs.
        found = Publication.objects.filter(asked).first() if name else None
        if found is None:
            words = _("No paper of the catalogue is known as “%(name)s”: an editor can add it.")
            raise ValidationError(words, code="unknown", params={"name": typed})
        return found


class LinkPaper(forms.Form):
    paper = PaperField(
        label=gettext_lazy("DOI, PubMed number or address of the paper"),
        error_messages={"required": gettext_lazy("Name the paper.")},
    )
    relation = forms.ChoiceField(label=gettext_lazy("relation"), choices=[*RELATIONS.items()])


@shows(KIND)
class TrialItem(Item):
    template = "admin/queue/_trial.html"

    def __init__(self, kind: str, trial: Trial) -> None:
        self.kind, self.trial, self.key, self.said = kind, trial, str(trial.pk), ""
        self.title = str(trial)
        self.after = reverse("admin:trials_trial_change", args=[trial.pk])
        links = (f"{link.publication_id} {link.relation}" for link in self.papers)
        self.seen = digest([trial.screening, trial.screening_basis, trial.title_zh, *links])

    @classmethod
    def open(cls, kind: str, key: str, *, hold: bool = False) -> Self | None:
        trials = Trial.objects.filter(joined_to=None)
        if hold:
            trials = trials.select_for_update(of=("self",))
        trial = trials.filter(pk=key).first() if key.isdecimal() else None
        return None if trial is None else cls(kind, trial)

    @cached_property
    def papers(self) -> list[TrialPublication]:
        return list(self.trial.publication_links.select_related("publication"))

    @property
    def papers_in_words(self) -> list[tuple[TrialPublication, Any]]:
        """The papers, and what each is to the trial."""
        return [(link, RELATIONS.get(link.relation, link.relation)) for link in self.papers]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Each fact that can be decided, with the page for it."""
        return [
            (str(kind.label), reverse("queue-item", args=[FACT, f"{self.trial.pk}:{kind.value}"]))
            for kind in FactKind
            if kind in DECIDED
        ]

    @property
    def linking(self) -> LinkPaper:
        return LinkPaper()

    def actions(self) -> list[Action]:
        actions = [
            Action("title", "t", _("Save the Chinese title below")),
            Action("link", "l", _("Link the paper below")),
        ]
        for number, link in enumerate(self.papers[:MOST_PAPERS], start=1):
            words = _("Not its paper: %(title)s") % {"title": link.publication}
            actions.append(Action(f"part-{number}", str(number), words))
        if self.trial.screening == Screening.INCLUDED:
            return [*actions, Action("exclude", "x", _("Leave it out of the catalogue"))]
        return [*actions, Action("take-in", "a", _("Take it into the catalogue"))]

    def answer(self, action: str, sent: Sent, *, by: User) -> str:
        note = str(sent.get("note", "")).strip()
        if action == "title":
            title = str(sent.get("title", ""))
            curation.name_in_chinese(self.trial, title=title, by=by, note=note or TITLED)
            return _("Chinese title: %(title)s") % {"title": self.trial.title_zh or "–"}
        if action == "link":
            return self._link(sent, by=by, note=note)
        if action.startswith("part-"):
            paper = self.papers[int(action.removeprefix("part-")) - 1].publication
            curation.part_paper(self.trial, paper, by=by, note=note)
            return _("It is no paper of the trial: %(title)s") % {"title": paper}
        take_in = action == "take-in"
        usual = TAKEN_IN if take_in else NOTES["exclude"]
        curation.screen(self.trial, take_in=take_in, by=by, note=note or usual)
        words = _("%(trial)s is in the catalogue.") if take_in else _("%(trial)s is left out.")
        return words % {"trial": self.trial.number}

    def _link(self, sent: Sent, *, by: User, note: str) -> str:
        form = LinkPaper(sent)
        if not form.is_valid():
            raise ValidationError([words for errors in form.errors.values() for words in errors])
        paper = form.cleaned_data["paper"]
        curation.link_paper(
            self.trial, paper, relation=form.cleaned_data["relation"], by=by, note=note
        )
        return _("It is a paper of the trial: %(title)s") % {"title": paper}
