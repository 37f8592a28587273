"""What can go wrong at the stand-in registry, and where it strikes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Params = dict[str, str]

# Faults of a page's content; all others are faults of the line, and methods of the handler.
OF_A_PAGE = frozenset(
    {
        "extra_study",  # the page's first study comes twice
        "forever",  # there is a token, whatever has come
        "huge_token",  # four thousand letters, of every kind
        "lose_study",  # the page's last study is left out
        "no_total",  # nobody says how many studies there are
        "repeat_study",  # the first study comes again in place of the last
        "repeat_token",  # the token is the one that was asked with
        "wrong_total",  # five more than there are
    }
)


@dataclass
class Fault:
    """What goes wrong, and where: one of OF_A_PAGE, or a method _fault_… of the handler.

    It strikes requests whose path and parameters satisfy `on`, after the first `skip` of them, and
    `times` times (-1: for ever); then the registry is well again.
    """

    kind: str
    status: int = 500
    words: str = "Internal Server Error"
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0  # of a delay; between two bytes that drip
    skip: int = 0
    times: int = 1
    on: Callable[[str, Params], bool] = lambda path, params: True

    def strikes(self, path: str, params: Params) -> bool:
        if self.times == 0 or not self.on(path, params):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


def of_version(path: str, params: Params) -> bool:
    return path == "/version"


def of_first_page(path: str, params: Params) -> bool:
    return path == "/studies" and "pageToken" not in params and "filter.ids" not in params


def of_later_page(path: str, params: Params) -> bool:
    return path == "/studies" and "pageToken" in params


def of_numbers(path: str, params: Params) -> bool:
    return "filter.ids" in params


def of_one_study(path: str, params: Params) -> bool:
    return path.startswith("/studies/")


def token_refused(**more: Any) -> Fault:
    """The registry no longer knows a page's token (words invented)."""
    return Fault("status", 400, "Invalid `pageToken`", on=of_later_page, **more)
