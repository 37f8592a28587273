"""Texts that are kept ready, with holes for what depends on who asks: addresses, names, language.

A hole stands between two signs that neither JSON nor a cell of a CSV file of ours has as they are.
In it is the name of what is put in, or a text in English and one in Chinese.
"""

from __future__ import annotations

_EDGE, _OR = "\x1f", "\x1e"


def hole(name: str) -> str:
    """A hole for what a reader's `Filling` has by this name."""
    return f"{_EDGE}{name}{_EDGE}"


def either(english: str, chinese: str) -> str:
    """One of the two, by the reader's language."""
    return english if english == chinese else hole(f"{english}{_OR}{chinese}")


class Filling(dict[str, str]):
    """What is put into the holes of texts for one reader: each name is asked for once."""

    def __init__(self, *, in_chinese: bool) -> None:
        super().__init__()
        self.in_chinese = in_chinese

    def named(self, name: str) -> str:
        """What is put in by this name. Raises KeyError for one that means nothing."""
        raise KeyError(name)

    def __missing__(self, name: str) -> str:
        english, both, chinese = name.partition(_OR)
        if both:
            return chinese if self.in_chinese else english
        self[name] = self.named(name)
        return self[name]

    def fill(self, text: str) -> str:
        """The text as this reader gets it. Raises KeyError, as `named`."""
        parts = text.split(_EDGE)
        parts[1::2] = [self[name] for name in parts[1::2]]
        return "".join(parts)
