"""The parameters by which one looks for something: its words, and the place that it is near."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from catalog.faults import Refused, echo, unknown_value
from catalog.parameters import OneOf, Parameter
from trials.search import places
from trials.search.words import LONGEST, MOST_WORDS, Words, read_words

_POINT = re.compile(r"(-?[0-9]{1,2}(?:\.[0-9]{1,10})?)\s*,\s*(-?[0-9]{1,3}(?:\.[0-9]{1,10})?)")
_DECIMAL = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,6})?")


class Search(Parameter):
    """Words, phrases in quotes, numbers of trials."""

    def is_empty(self, value: str) -> bool:
        return not value.strip()

    def understand(self, value: str) -> Words:
        if len(value) > LONGEST:
            detail = _("A search has at most %(most)d letters; this one has %(count)d.")
            raise Refused(value, detail % {"most": LONGEST, "count": len(value)})
        words = read_words(value)
        if not words.count:
            raise Refused(value, _("“%(value)s” has no word to look for.") % {"value": echo(value)})
        if words.count > MOST_WORDS:
            detail = _("A search has at most %(most)d words; this one has %(count)d.")
            raise Refused(value, detail % {"most": MOST_WORDS, "count": words.count})
        return words

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": LONGEST}


class LookedIn(OneOf):
    """Where else words are looked for."""

    narrows = False


class Near(Parameter):
    """A point, or a city that has a trial."""

    def understand(self, value: str) -> places.Place:
        if point := _POINT.fullmatch(value.strip()):
            latitude, longitude = float(point[1]), float(point[2])
            if abs(latitude) <= 90 and abs(longitude) <= 180:
                return places.Place(latitude, longitude)
        elif found := places.find_city(value):
            if len(found) == 1:
                return next(iter(found.values()))
            spelled = [f"{place.city}, {code}" for code, place in sorted(found.items())]
            detail = _("More than one country has a “%(value)s”.") % {"value": echo(value)}
            raise Refused(value, detail, spelled[0], spelled)
        refused = unknown_value(self.name, value, places.known_cities())
        detail = _("“%(value)s” is no point like 31.23,121.47 and no city that has a trial.")
        raise Refused(value, detail % {"value": echo(value)}, refused.did_you_mean, refused.allowed)

    def name_of(self, value: str) -> str:
        if self.understand(value).latitude is not None:
            return value
        return _("%(city)s (by the city's name: its distances are not known)") % {"city": value}


class Kilometres(Parameter):
    """A distance above zero."""

    def understand(self, value: str) -> float:
        stripped = value.strip()
        km = float(stripped) if _DECIMAL.fullmatch(stripped) else 0.0
        if not 0 < km <= places.HALF_WAY_ROUND:
            detail = _("“%(value)s” is no distance: write kilometres above 0, at most %(most)d.")
            raise Refused(value, detail % {"value": echo(value), "most": places.HALF_WAY_ROUND})
        return km

    def schema(self) -> dict[str, Any]:
        return {"type": "number", "exclusiveMinimum": 0, "maximum": places.HALF_WAY_ROUND}
