"""What is new, as Atom feeds (RFC 4287): changes of all trials and of one; trials of a question."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import conditional_page

from catalog.api.strict import LANG
from catalog.asking import Asked, answered
from catalog.differences import Difference, differences
from catalog.exports.links import ATOM, PAGE, links, twin_query
from catalog.field_words import Wording
from catalog.filters import TrialFilter
from catalog.language import with_language
from catalog.methods import only_read
from catalog.pages.listing import read_page
from catalog.parameters import PageNumber
from catalog.reading import read
from catalog.refusing import in_words
from catalog.templatetags.names import named
from catalog.titles import short_title
from trials.history import MOST_UPDATES, Update, Updates, news_of
from trials.models import Trial
from trials.search import from_one_state
from trials.vocabulary import ChangeKind

ENTRIES = 50
MOST_NAMES = 4  # fields in the title of an entry
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
# What XML 1.0 has no way of writing; records of long ago may hold it.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def in_xml(text: str) -> str:
    """The text without what would break a feed."""
    return _NOT_XML.sub("", text)


class TextFeed(Atom1Feed):
    """Atom whose entries have plain text: Django's summary would be read as HTML."""

    def latest_post_date(self) -> datetime:
        """The newest entry's. An empty feed is not new each time that somebody asks for it."""
        return super().latest_post_date() if self.items else _BEGINNING

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("content", item["description"], {"type": "text"})


class ChangesFeed(Feed[Update, Trial | None]):
    """The newest updates that say something new; no wording, no book-keeping."""

    feed_type = TextFeed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Trial | None:
        """The one trial of the feed. Raises DoesNotExist; None: of all trials."""
        self.wording = Wording()
        number = kwargs.get("number")
        return Trial.objects.published().numbered(number).get() if number else None

    def title(self, trial: Trial | None) -> str:
        if trial is None:
            return _("Stem-cell trials: changes in the registry")
        return _("What changed in %(number)s") % {"number": trial.number}

    def subtitle(self, trial: Trial | None) -> str:
        return in_xml(named(trial)) if trial else _("joints · cartilage · spine")

    def author_name(self) -> str:
        return _("Stem-cell trials")

    def link(self, trial: Trial | None) -> str:
        return _address("trial-changes", trial.number) if trial else _address("changes")

    def feed_url(self, trial: Trial | None) -> str:
        own = ("trial-changes-feed", trial.number) if trial else ("changes-feed",)
        return with_language(_address(*own))

    def feed_guid(self, trial: Trial | None) -> str:
        return _tag(f"changes/of/{trial.pk}" if trial else "changes")

    def items(self, trial: Trial | None) -> list[Update]:
        return Updates(trial)[:ENTRIES]

    def item_title(self, item: Update) -> str:
        told = self._told(item)
        names = [change.name or ChangeKind(change.kind).label for change in told[:MOST_NAMES]]
        what = ", ".join(map(str, names)) + (" …" if len(told) > MOST_NAMES else "")
        return in_xml(f"{item.trial.number} · {what} · {short_title(named(item.trial))}")

    def item_description(self, item: Update) -> str:
        return in_xml("\n".join(change.in_brief for change in self._told(item)))

    def item_link(self, item: Update) -> str:
        return f"{_address('trial-changes', item.trial.number)}#u{item.key}"

    def item_guid(self, item: Update) -> str:
        return _tag(f"changes/{item.key}")

    def item_pubdate(self, item: Update) -> datetime:
        return item.seen_at

    def item_updateddate(self, item: Update) -> datetime:
        return item.seen_at

    def _told(self, update: Update) -> list[Difference]:
        return differences(update.changes, self.wording, effort=None)


def _address(view: str, *args: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(view, args=args)}"


def _tag(name: str) -> str:
    """A name that stays the same wherever the entry is found (RFC 4151)."""
    return f"tag:{urlsplit(settings.PUBLIC_URL).hostname},2026:{name}"


class TrialsFeed(ChangesFeed):
    """What is new about the trials of a question: those that came, and what changed in the others.

    A trial that does not answer the question any more is not in it.
    """

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.query = twin_query(asked, "ordering")  # a feed has its own

    def title(self, trial: Trial | None) -> str:
        chosen = ", ".join(chip.label for chip in self.asked.chips)
        if not chosen:
            return _("Stem-cell trials: new and changed")
        return in_xml(_("Stem-cell trials: %(question)s") % {"question": chosen})

    def link(self, trial: Trial | None) -> str:
        return f"{settings.PUBLIC_URL}{PAGE.address(self.query)}"

    def feed_url(self, trial: Trial | None) -> str:
        return f"{settings.PUBLIC_URL}{ATOM.linked(self.query)}"

    def feed_guid(self, trial: Trial | None) -> str:
        return _tag(f"trials?{self.query}" if self.query else "trials")

    def items(self, trial: Trial | None) -> list[Update]:
        first = (self.asked.page - 1) * self.asked.page_size
        last = self.asked.page * self.asked.page_size
        return news_of(self.asked.trials, last)[first:]

    def item_link(self, item: Update) -> str:
        return _address("trial", item.trial.number) if item.key is None else super().item_link(item)

    def item_guid(self, item: Update) -> str:
        if item.key is None:
            return _tag(f"trials/{item.trial.pk}/first")
        return super().item_guid(item)


class FeedQuestion(TrialFilter):
    """Every question about trials. `page_size` counts entries; their order is always by date."""

    lang = LANG
    page = PageNumber(
        gettext_lazy("Page"),
        gettext_lazy("Page of the feed."),
        least=1,
        most=MOST_UPDATES // ENTRIES,
        example="1",
    )


@only_read
@conditional_page
@from_one_state
def trials_feed(request: HttpRequest) -> HttpResponse:
    """The feed of a question about trials."""
    params = request.GET.copy()
    params.setdefault("page_size", str(ENTRIES))
    reading = read(FeedQuestion, params, max_page_size=ENTRIES)
    if reading.faults:
        return in_words(reading.faults)
    asked = answered(reading)
    response: HttpResponse = TrialsFeed(asked)(request)
    if alternates := links(twin_query(asked), without=ATOM.ending):
        response["Link"] = alternates
    return response


@only_read
@conditional_page
def changes_feed(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """The feed of all trials, or of the trial with this `number`."""
    faults = read_page(request).faults
    return in_words(faults) if faults else ChangesFeed()(request, **kwargs)
