"""Trials side by side: the address names them, and says whether only differences are shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from catalog.faults import Fault, Refused, echo
from catalog.methods import only_read
from catalog.pages.comparing import Comparison, Group, comparison
from catalog.pages.listing import OWN_PARAMETERS
from catalog.pages.similar import similar
from catalog.parameters import OneOf, Parameter
from catalog.reading import ParameterSet, Reading, read
from trials.coverage import left_out
from trials.models import StoredRecord, Trial
from trials.numbers import bare_number, proper_number, take_numbers

TRIAL, ROWS, DIFFERENT = "trial", "rows", "different"
# Beside the names of the questions a screen of 1280 pixels has room for six columns of words that
# can still be read, and nobody keeps more than a handful of trials in mind.
MOST = 6
FEWEST = 2
# The widest window, in rem, that has no room for so many columns beside the questions.
NARROW = {2: "47.99", 3: "47.99", 4: "59.99", 5: "69.99", 6: "79.99"}
LONGEST = 1_000  # letters of what is pasted: six addresses of records with a title each
_BETWEEN = re.compile(r"[\s,;|/、，；。.]+")
_JOINING = frozenset(("and", "vs", "versus", "和", "与", "及", "跟"))
VIEWS = {"all": gettext_lazy("All questions"), DIFFERENT: gettext_lazy("Only what differs")}


class Numbers(Parameter):
    """The number of a trial, in any spelling; repeated, in the order of the columns."""

    several = True
    longest = LONGEST

    def is_empty(self, value: str) -> bool:
        return not value.strip()

    def understand(self, value: str) -> str:
        if number := proper_number(value):
            return number
        detail = _("“%s” is no trial of the catalogue: write a number as NCT01234567.")
        raise Refused(value, detail % echo(value))


class Compared(ParameterSet):
    """The parameters of a comparison."""

    trial = Numbers(
        gettext_lazy("Trial"),
        gettext_lazy("The number of a trial, in any spelling; once for each that is compared."),
        example="NCT03166865",
    )
    rows = OneOf(
        gettext_lazy("Questions"),
        gettext_lazy("All questions, or only those to which the trials say different things."),
        choices={view: view for view in VIEWS},
        example=DIFFERENT,
    )


@dataclass(frozen=True, slots=True)
class Column:
    """A trial of the comparison, and the addresses without it and with it moved by one place."""

    trial: Any
    without: str
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A number that the catalogue does not have, and the record if that was left out of it."""

    number: str
    record: StoredRecord | None


@only_read
def compare(request: HttpRequest) -> HttpResponse:
    """Some trials side by side, in the order of the address; every other spelling leads to it.

    What is not understood is said with status 400, a number that the catalogue does not have with
    404, and the rest is compared.
    """
    reading = read(Compared, one_number_a_value(request.GET), extra=OWN_PARAMETERS)
    numbers, missing = numbers_of(reading.values.get(TRIAL, ()))
    faults = [*reading.faults, *too_many(numbers)]
    numbers = numbers[:MOST]
    address = Addresses(numbers, reading.params)
    if not faults and not missing and request.GET.getlist(TRIAL) != numbers:
        return redirect(address.of(numbers), permanent=True)
    context = {
        **page_of(numbers, address, reading),
        "pasted": "\n".join(request.GET.getlist(TRIAL)).replace("\x00", "")[:LONGEST],
        "faults": faults,
        "missing": missing,
    }
    status = 400 if faults else 404 if missing else 200
    return render(request, "catalog/compare.html", context, status=status)


def one_number_a_value(params: QueryDict) -> QueryDict:
    """The parameters with what was pasted parted into its numbers; what is none stays together."""
    parted = params.copy()
    if TRIAL in params:
        pasted = params.getlist(TRIAL)
        parted.setlist(TRIAL, [piece for value in pasted for piece in pieces(value)])
    return parted


def pieces(value: str) -> list[str]:
    """What a reader may have pasted: "NCT03166865, 2118519 and SCT-1" has three numbers."""
    if len(value) > LONGEST:
        return [value]
    found: list[str] = []
    others: list[str] = []
    for line in value.splitlines():
        numbers, rest = take_numbers(line)
        words = [word for word in _BETWEEN.split(rest) if word]
        found += [*numbers, *(number for word in words if (number := bare_number(word)))]
        others += [word for word in words if not bare_number(word)]
    if found:
        others = [word for word in others if _says_something(word)]
    return [*found, " ".join(others)] if others else found


def _says_something(word: str) -> bool:
    """Whether it is more than what stands between numbers, or about them: “ ”, •, &, and."""
    meant = any(letter.isalnum() or letter == "\x00" for letter in word)
    return meant and word.casefold() not in _JOINING


def numbers_of(asked: Iterable[str]) -> tuple[list[str], list[Missing]]:
    """The present numbers of the trials that were asked for, each once; and those of none."""
    asked = list(asked)
    if not asked:
        return [], []
    trials: Any = Trial.objects.published().numbered_any(asked).prefetch_related("aliases")
    present = {
        number: trial.number
        for trial in trials.only("number")
        for number in (trial.number, *(alias.number for alias in trial.aliases.all()))
    }
    unknown = [number for number in asked if number not in present]
    found = dict.fromkeys(present[number] for number in asked if number in present)
    return list(found), missing_ones(unknown)


def missing_ones(numbers: Sequence[str]) -> list[Missing]:
    """Why each is missing, where that is known."""
    if not numbers:
        return []
    records = {row.registry_id: row for row in left_out().filter(registry_id__in=numbers)}
    return [Missing(number, records.get(number)) for number in numbers]


def too_many(numbers: Sequence[str]) -> list[Fault]:
    if len(numbers) <= MOST:
        return []
    detail = _(
        "A comparison has at most %(most)d trials; %(count)d were given. The first are shown."
    )
    rest = ", ".join(numbers[MOST:])
    return [Fault(TRIAL, echo(rest), detail % {"most": MOST, "count": len(numbers)})]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where other comparisons are, that keep what else was asked."""

    numbers: Sequence[str]
    params: QueryDict

    def of(self, numbers: Iterable[str], **changes: str) -> str:
        kept = {
            name: value
            for name, value in {**self.params.dict(), **changes}.items()
            if name != TRIAL and (name, value) != (ROWS, next(iter(VIEWS)))
        }
        query = urlencode([*((TRIAL, number) for number in numbers), *kept.items()])
        return f"{reverse('compare')}?{query}" if query else reverse("compare")

    def without(self, place: int) -> str:
        return self.of([*self.numbers[:place], *self.numbers[place + 1 :]])

    def moved(self, place: int, step: int) -> str:
        """Empty where there is no such place."""
        other = place + step
        if not 0 <= other < len(self.numbers):
            return ""
        numbers = list(self.numbers)
        numbers[place], numbers[other] = numbers[other], numbers[place]
        return self.of(numbers)


def page_of(numbers: Sequence[str], address: Addresses, reading: Reading) -> dict[str, Any]:
    """The trials in their columns and the questions in their rows."""
    trials = fetched(numbers)
    compared = comparison(trials) if len(trials) >= FEWEST else None
    view = reading.values.get(ROWS, next(iter(VIEWS)))
    return {
        "columns": [
            Column(trial, address.without(n), address.moved(n, -1), address.moved(n, 1))
            for n, trial in enumerate(trials)
        ],
        "numbers": numbers,
        "named": pgettext("between things", ", ").join(numbers),
        "compared": compared,
        "narrow": NARROW.get(len(trials)),
        "groups": groups_of(compared, view),
        "view": view,
        "views": [(one, words, address.of(numbers, rows=one)) for one, words in VIEWS.items()],
        "kept": [(name, value) for name, value in reading.params.items() if name != TRIAL],
        "most": MOST,
        "full": len(numbers) >= MOST,
        "similar": similar(trials[0]) if len(trials) == 1 else None,
    }


def groups_of(compared: Comparison | None, view: str) -> tuple[Group, ...]:
    if compared is None:
        return ()
    return compared.differences if view == DIFFERENT else compared.groups


def fetched(numbers: Sequence[str]) -> list[Any]:
    """The trials in the order of their numbers, with all that is compared."""
    if not numbers:
        return []
    rows = Trial.objects.published().filter(number__in=numbers).for_comparison()
    by_number = {trial.number: trial for trial in rows}
    return [by_number[number] for number in numbers]
