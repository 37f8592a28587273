"""What an item of the queue is for its page: what is asked, what can be answered, by which key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from trials import curation

Sent = Mapping[str, Any]  # what the browser sends


@dataclass(frozen=True, slots=True)
class Action:
    """An answer: its name as it is sent, the key that gives it, what it is in words."""

    name: str
    key: str
    label: str | Promise


class Item:
    """An item of one kind. `open` finds it by its key, whether it still waits or not."""

    template: ClassVar[str]

    takes_note: bool = True
    readers_see_note: bool = True
    after: str = ""  # where to go on once it is answered; empty: to what waits next
    kind: str
    key: str
    title: str
    said: str  # what `leave` remembers; empty where it waits no longer
    seen: str  # changes with whatever an answer would replace

    @classmethod
    def open(cls, kind: str, key: str, *, hold: bool = False) -> Self | None:
        """`hold`: others who answer the same wait until the transaction has ended."""
        raise NotImplementedError

    def actions(self) -> Sequence[Action]:
        raise NotImplementedError

    def answer(self, action: str, sent: Sent, *, by: User) -> str:
        """Do it, and say what was done. Raises ValidationError where it cannot be done."""
        raise NotImplementedError

    def moved(self) -> str:
        """What to tell somebody whose page shows what stands no longer."""
        return _("It changed after you opened it. Nothing of yours was saved: look again.")

    def leave(self, by: User) -> str:
        if self.said:
            curation.leave(self.kind, key=self.key, said=self.said, by=by)
        return _("Left as it is until something about it changes: %(title)s") % {
            "title": self.title
        }


def skip() -> Action:
    return Action("skip", "s", _("Skip until it changes"))


_items: dict[str, type[Item]] = {}


def shows(*kinds: str) -> Callable[[type[Item]], type[Item]]:
    """Registers the class for items of these kinds."""

    def register(item: type[Item]) -> type[Item]:
        _items.update(dict.fromkeys(kinds, item))
        return item

    return register


def open_item(kind: str, key: str, *, hold: bool = False) -> Item | None:
    item = _items.get(kind)
    return None if item is None else item.open(kind, key, hold=hold)
