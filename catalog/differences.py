"""The changes of a registry record as they are read: values, words and things of a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from catalog.field_words import DATES, TEXTS, Item, Wording, field_name
from catalog.word_differences import ADDED, REMOVED, SAME, Effort, Run, compare_words
from trials.models import RecordChange
from trials.vocabulary import ChangeKind
from trials.wording import gist

LONGEST_PLAIN = 5_000  # characters of a text that is shown before and after
MOST_ITEMS = 30  # things of a list that are shown as added, taken out or changed, each
MOST_MATCHED = 60  # things of a list among which changed ones are looked for
SHORT = 40  # characters of what is told whole, before and after
ALIKE = 0.6  # share of the words that a changed thing has in common with what it was


@dataclass(frozen=True, slots=True)
class Line:
    """One of the things that are said of a thing of a list: its name, and its words."""

    name: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """What came into a list, what went out, and what is said differently of what stayed."""

    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    changed: tuple[tuple[Line, ...], ...]

    @property
    def words(self) -> str:
        counts = (
            (ngettext("%d added", "%d added", len(self.added)), len(self.added)),
            (ngettext("%d removed", "%d removed", len(self.removed)), len(self.removed)),
            (ngettext("%d changed", "%d changed", len(self.changed)), len(self.changed)),
        )
        said = (words % count for words, count in counts if count)
        return pgettext("between things", ", ").join(said)

    @property
    def most(self) -> str:
        """For the filter `slice`: what is listed of each part."""
        return f":{MOST_ITEMS}"

    @property
    def left_out(self) -> int:
        parts = (self.added, self.removed, self.changed)
        return sum(max(0, len(part) - MOST_ITEMS) for part in parts)


@dataclass(frozen=True, slots=True)
class Plain:
    """A text before and after; why the words are not compared; after how many letters it is cut."""

    old: str
    new: str
    why: str = ""
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """One change in words. Of `pair`, `runs`, `items` and `plain`, one at most is there."""

    name: str
    kind: str
    field: str = ""
    sentence: str = ""
    pair: tuple[str, str] | None = None
    runs: tuple[Run, ...] = ()
    items: Items | None = None
    plain: Plain | None = None

    @property
    def said(self) -> str:
        """What changed, in a few plain words."""
        if self.pair:
            return _("%(old)s → %(new)s") % {"old": self.pair[0], "new": self.pair[1]}
        if self.items:
            return self.items.words
        return self.sentence or _("changed")

    @property
    def in_brief(self) -> str:
        """The change in a line of plain text."""
        if self.name:
            return _("%(name)s: %(said)s") % {"name": self.name, "said": self.said}
        return f"{self.sentence} {self.said}" if self.pair else self.sentence


_SENTENCES: dict[str, str | Promise] = {
    ChangeKind.FIRST: gettext_lazy("First seen by the catalogue."),
    ChangeKind.GONE: gettext_lazy("The registry no longer has this record."),
    ChangeKind.BACK: gettext_lazy("The registry has this record again."),
    ChangeKind.RENUMBERED: gettext_lazy("The registry gave the study another number."),
}
# What the entry about the number says already.
_OF_THE_NUMBER = ("registry_id", "aliases")


def differences(
    changes: Sequence[RecordChange], wording: Wording, effort: Effort | None
) -> list[Difference]:
    """The changes of one update in words. Without an effort, no text is compared.

    A date and whether it has come true are told together.
    """
    by_field = {change.field: change for change in changes if change.field}
    whole = [_of_the_whole(change) for change in changes if not change.field]
    if any(change.kind == ChangeKind.RENUMBERED for change in whole):
        by_field = {name: one for name, one in by_field.items() if name not in _OF_THE_NUMBER}
    told = list(dict.fromkeys(whole))  # two trials that became one both say so
    for field, change in by_field.items():
        date = field.removesuffix("_type")
        if date != field and date in DATES and date in by_field:
            continue
        if field in DATES and f"{field}_type" in by_field:
            told.append(_dated(change, by_field[f"{field}_type"], wording))
        else:
            told.append(_difference(change, wording, effort))
    return told


def _of_the_whole(change: RecordChange) -> Difference:
    sentence = str(_SENTENCES.get(change.kind) or _("The record changed."))
    numbered = change.kind == ChangeKind.RENUMBERED and change.old and change.new
    pair = (str(change.old), str(change.new)) if numbered else None
    return Difference("", change.kind, sentence=sentence, pair=pair)


def _dated(date: RecordChange, kind: RecordChange, wording: Wording) -> Difference:
    def words(day: Any, type_: Any) -> str:
        said = wording.value(date.field, day)
        return f"{said} ({wording.value(kind.field, type_)})" if type_ else said

    pair = (words(date.old, kind.old), words(date.new, kind.new))
    return Difference(field_name(date.field), date.kind, date.field, pair=pair)


def _difference(change: RecordChange, wording: Wording, effort: Effort | None) -> Difference:
    field, old, new = change.field, change.old, change.new
    say = partial(Difference, field_name(field), change.kind, field)
    if field in TEXTS and isinstance(old, str | None) and isinstance(new, str | None):
        if change.kind == ChangeKind.COSMETIC:
            return say(sentence=_("Written differently, in the same words."))
        if effort is None:
            return say(sentence=_told(old, new))
        return _of_texts(old or "", new or "", say, effort)
    before, after = wording.items(field, old), wording.items(field, new)
    if before is None or after is None:
        return say(pair=(wording.value(field, old), wording.value(field, new)))
    # A hospital of most of the same words is another hospital.
    items = compare_items(before, after, effort, alike=field != "locations")
    if not items.words:
        return say(sentence=_("In another order, or written differently."))
    return say(items=items)


def _told(old: str | None, new: str | None) -> str:
    if not old:
        return _("added")
    return _("changed") if new else _("removed")


def _of_texts(old: str, new: str, say: Callable[..., Difference], effort: Effort) -> Difference:
    runs = compare_words(old, new, effort)
    if runs is None:
        return say(plain=_plain(old, new, _("Too long to be compared word by word.")))
    if all(run.how == SAME for run in runs):
        return say(plain=_plain(old, new))
    return say(runs=runs)


def _plain(old: str, new: str, why: str = "") -> Plain:
    cut = LONGEST_PLAIN if max(len(old), len(new)) > LONGEST_PLAIN else 0
    return Plain(old[:LONGEST_PLAIN], new[:LONGEST_PLAIN], why, cut)


# --- Things of a list


def compare_items(
    old: Sequence[Item], new: Sequence[Item], effort: Effort | None, *, alike: bool = True
) -> Items:
    """Which things came, which went, and what is said otherwise of those of the same name.

    `alike`: things of another name but most of the same words are the same thing, renamed. Without
    an effort these are not looked for, and of changed things only their number is told.
    """
    before, after = _unlike(old, new), _unlike(new, old)
    pairs = _of_the_same_name(before, after)
    if alike and effort is not None and max(len(before), len(after)) <= MOST_MATCHED:
        pairs += _most_alike(before, after)
    changed = [
        tuple(_lines(*pair, effort)) if effort and place < MOST_ITEMS else ()
        for place, pair in enumerate(pairs)
    ]
    return Items(tuple(after), tuple(before), tuple(changed))


def _unlike(ours: Sequence[Item], theirs: Sequence[Item]) -> list[Item]:
    """Those of ours that are not among theirs, each as often as it is missing there."""
    known = Counter(map(_meaning, theirs))
    missing = []
    for item in ours:
        if known[_meaning(item)]:
            known[_meaning(item)] -= 1
        else:
            missing.append(item)
    return missing


def _meaning(item: Item) -> tuple[str, ...]:
    head, parts = item
    return gist(head), *(gist(words) for _name, words in parts)


def _of_the_same_name(before: list[Item], after: list[Item]) -> list[tuple[Item, Item]]:
    """Takes the things of the same name out of both lists."""
    named: dict[str, list[Item]] = {}
    for item in after:
        named.setdefault(gist(item[0]), []).append(item)
    pairs = [(item, named[name].pop(0)) for item in before if named.get(name := gist(item[0]))]
    before[:] = _without(before, [old for old, _new in pairs])
    after[:] = _without(after, [new for _old, new in pairs])
    return pairs


def _most_alike(before: list[Item], after: list[Item]) -> list[tuple[Item, Item]]:
    """Takes what was only renamed out of both lists."""
    pairs = []
    for item in list(before):
        matcher = SequenceMatcher(None, autojunk=False)
        matcher.set_seq2(_first_words(item))
        best, most = None, ALIKE
        for other in after:
            matcher.set_seq1(_first_words(other))
            if matcher.real_quick_ratio() > most and matcher.quick_ratio() > most:
                likeness = matcher.ratio()
                best, most = (other, likeness) if likeness > most else (best, most)
        if best is not None:
            pairs.append((item, best))
            before.remove(item)
            after.remove(best)
    return pairs


def _without(items: Sequence[Item], taken: Iterable[Item]) -> list[Item]:
    left = Counter(taken)
    kept = []
    for item in items:
        if left[item]:
            left[item] -= 1
        else:
            kept.append(item)
    return kept


def _first_words(item: Item) -> list[str]:
    """Of the name and of what is longer than "Primary" or "1 year", which many things share."""
    head, parts = item
    texts = [head, *(words for _name, words in parts if len(words) > SHORT)]
    return [word for text in texts for word in gist(text).split() if word.isalnum()][:40]


def _lines(old: Item, new: Item, effort: Effort) -> Iterator[Line]:
    """The thing's name, and what is said of it now that was not said before."""
    yield Line("", _runs(old[0], new[0], effort))
    for (name, was), (_name, is_now) in zip(old[1], new[1], strict=False):
        if gist(was) != gist(is_now):
            yield Line(name, _runs(was, is_now, effort))


def _runs(old: str, new: str, effort: Effort) -> tuple[Run, ...]:
    """A few words are told whole, and so are very many."""
    runs = None
    if gist(old) == gist(new) or max(len(old), len(new)) > SHORT:
        runs = compare_words(old, new, effort)
    if runs is not None:
        return runs
    whole = (Run(REMOVED, old[:LONGEST_PLAIN], " "), Run(ADDED, new[:LONGEST_PLAIN]))
    return tuple(run for run in whole if run.text)
