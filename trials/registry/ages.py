"""The registry's ages ("18 Years", "6 Months") as days, so that they can be compared."""

import re

DAYS_IN = {
    "year": 365.25,
    "month": 365.25 / 12,
    "week": 7,
    "day": 1,
    "hour": 1 / 24,
    "minute": 1 / 24 / 60,
}
OLDEST = 200 * 366  # days: nobody is older; a larger number is a slip of the keyboard

_AGE = re.compile(r"([0-9]{1,9}) (year|month|week|day|hour|minute)s?", re.IGNORECASE)
_NO_LIMIT = frozenset({"", "n/a", "none"})


def is_no_limit(text: str) -> bool:
    """Whether the registry says in so many words that there is no limit."""
    return text.strip().casefold() in _NO_LIMIT


def age_in_days(text: str) -> int | None:
    """Whole days of an age as the registry writes it, rounded down; None where it sets no limit.

    A year is 365.25 days and a month a twelfth of it, so "18 Years" is 6574. A text that is no
    age, or an age beyond all ages, is None too: see `is_no_limit` for telling the two apart.
    """
    match = _AGE.fullmatch(text.strip())
    if match is None:
        return None
    days = int(int(match[1]) * DAYS_IN[match[2].lower()])
    return days if days <= OLDEST else None
