"""What changed in the registry's records, as Atom feeds (RFC 4287): of all trials, and of one."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from catalog.differences import Difference, differences
from catalog.field_words import Wording
from catalog.pages.listing import read_page
from catalog.templatetags.names import named
from catalog.titles import short_title
from trials.history import Update, Updates
from trials.models import Trial
from trials.vocabulary import ChangeKind

ENTRIES = 50
MOST_NAMES = 4  # fields in the title of an entry
# What XML 1.0 has no way of writing; records of long ago may hold it.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def in_xml(text: str) -> str:
    """The text without what would break a feed."""
    return _NOT_XML.sub("", text)


class TextFeed(Atom1Feed):
    """Atom whose entries have plain text: Django's summary would be read as HTML."""

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
        return _address("trial-changes-feed", trial.number) if trial else _address("changes-feed")

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


@require_safe
@conditional_page
def changes_feed(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """The feed of all trials, or of the trial with this `number`."""
    faults = read_page(request).faults
    if faults:
        words = "\n".join(fault.detail for fault in faults)
        return HttpResponseBadRequest(f"{words}\n", content_type="text/plain; charset=utf-8")
    return ChangesFeed()(request, **kwargs)
