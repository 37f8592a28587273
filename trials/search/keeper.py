"""Keeps this process's index in step with the database.

Every reader asks the log what changed and gets an index of just the state that its transaction
sees; the newest one is kept for the next. So no answer is older than its page, and none is torn.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, TypeVar

from django.db import connections, router

from trials.models import Trial
from trials.search import kept
from trials.search.consistent import one_state, reading_from
from trials.search.index import Index, build, follow
from trials.search.log import News, news
from trials.search.names import Names
from trials.search.vocabularies import Term, Vocabularies

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class State:
    """What one moment of the database is searched by."""

    index: Index
    vocabularies: Vocabularies
    names: Names
    # What pages have made of trials, by a key that begins with the trial's: until it changes.
    parts: dict[Any, Any] = field(default_factory=dict)
    # Sponsors by key, as far as pages had to name them. A new name is a change of their trials.
    sponsors: dict[int, Term] = field(default_factory=dict)
    # Of the vocabularies that questions asked for, the terms that trials have (`Terms.had`).
    had: dict[str, dict[str, Term]] = field(default_factory=dict)


_kept: dict[tuple[str, str], State] = {}
_first = threading.Lock()
_TOLERATED = 1000  # empty places that are not worth the work
_pinned: ContextVar[Mapping[str, State]] = ContextVar("pinned", default={})  # noqa: B039 - never changed


def current() -> State:
    """The state that the database shows now; within `consistent`, the one that it began with."""
    using = reading_from()
    if using in _pinned.get():
        return _pinned.get()[using]
    # What a transaction has written and not yet committed is nobody else's to see.
    private = connections[using].in_atomic_block
    before = _kept.get(_place(using))
    if before is None and not private:
        with _first:  # of several requests at the start, one reads everything
            return _look(using, _kept.get(_place(using)), private)
    return _look(using, before, private)


def refill() -> None:
    """Take in what changed; make the index anew where too many of its places are empty."""
    using = reading_from()
    index = current().index
    if len(index.keys) - len(index.live) > max(_TOLERATED, len(index.live)):
        _look(using, None, private=False)


@contextmanager
def consistent() -> Iterator[None]:
    """All that is read within shows one state of the database; nothing may be written."""
    using = reading_from()
    private = connections[using].in_atomic_block
    if not private and _place(using) not in _kept:
        current()
    before = _kept.get(_place(using))
    with one_state(using):
        # The first read: no index that is kept can be newer than what the transaction sees.
        token = _pinned.set({using: _look(using, before, private)})
        try:
            yield
        finally:
            _pinned.reset(token)


def from_one_state(view: View) -> View:
    """A view that reads one state of the database only, and writes nothing."""

    @wraps(view)
    def within(*args: Any, **kwargs: Any) -> Any:
        with consistent():
            return view(*args, **kwargs)

    return within  # type: ignore[return-value]


def _place(using: str) -> tuple[str, str]:
    return using, str(connections[using].settings_dict["NAME"])


def _look(using: str, before: State | None, private: bool) -> State:
    if private and using == router.db_for_write(Trial):
        _follow_own_writing(using, before)
    with one_state(using):
        found = news(using, before.index.moment if before else None)
        if before is not None and found is not None:
            state = _after(before, found)
        else:
            # The log begins anew after all was emptied: then nothing is known of what came before.
            found = found or news(using)
            assert found is not None  # noqa: S101 - without a moment before it, the log tells all
            vocabularies = Vocabularies()
            state = State(build(found.moment), vocabularies, Names(vocabularies))
    if not private:
        _kept[_place(using)] = state
    return state


def _after(before: State, found: News) -> State:
    if not found.trials and not found.vocabularies:
        return before
    index = follow(before.index, found.moment, found.trials)
    if not found.vocabularies:
        parts = _unchanged(before.parts, found.trials)
        return replace(before, index=index, parts=parts, sponsors={}, had={})
    vocabularies = Vocabularies()
    return State(index, vocabularies, Names(vocabularies))


def _unchanged(parts: dict[Any, Any], changed: Collection[int]) -> dict[Any, Any]:
    # Copied first, at once: other threads go on filling it.
    return {key: part for key, part in parts.copy().items() if key[0] not in changed}


def _follow_own_writing(using: str, before: State | None) -> None:
    """What is kept of trials follows a writer that asks before it has ended."""
    written = news(using, before.index.moment) if before else None
    kept.catch_up(using, written.trials if written else None)
