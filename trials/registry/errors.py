"""Everything that can go wrong between us and the registry, in one family of exceptions."""

from typing import Self


class RegistryError(Exception):
    """The registry, or something that came from it, could not be used."""


class RegistryUnavailable(RegistryError):
    """No usable answer came, after as many tries as are decent."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"No usable answer from {url}: {reason}")
        self.url = url
        self.reason = reason


class RegistryRefused(RegistryError):
    """The registry answered, and the answer was no. Asking again would change nothing."""

    def __init__(self, url: str, status: int, words: str) -> None:
        super().__init__(f"The registry refused {url} with status {status}: {words}")
        self.url = url
        self.status = status
        self.words = words


class OutOfTime(RegistryError):
    """The seconds that were given for the registry are used up: nothing more is asked."""

    def __init__(self, budget: float) -> None:
        super().__init__(f"The {budget:,g} seconds given for the registry are used up")
        self.budget = budget


class PagesBroken(RegistryError):
    """The pages of an answer cannot be gone on with; asking from the first one again may help."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"The pages of {url} cannot be gone on with: {reason}")
        self.url = url
        self.reason = reason


class UnusableRecord(RegistryError):
    """One study record cannot be used; the others can.

    `registry_id` is the registry's number or, where that cannot be known, the place that the
    record was read from, such as "page.json, study 3". It may be empty.
    """

    def __init__(self, registry_id: str, reason: str) -> None:
        super().__init__(f"{registry_id or 'A record without a number'}: {reason}")
        self.registry_id = registry_id
        self.reason = reason

    def __reduce__(self) -> tuple[type[Self], tuple[str, str]]:
        return type(self), (self.registry_id, self.reason)  # so that it can pass between processes


def first_line(error: BaseException) -> str:
    """What an error says, in a line; its kind where it says nothing."""
    return (str(error).splitlines() or [""])[0] or type(error).__name__
