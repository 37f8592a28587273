"""The registry's numbers: what one looks like, and its one proper spelling."""

import re

_NUMBER = re.compile(r"[Nn][Cc][Tt]0*([1-9][0-9]{0,7})")


def registry_number(text: object) -> str | None:
    """The number as the registry prints it ("nct1234 " → "NCT00001234"); None if it is none."""
    match = _NUMBER.fullmatch(text.strip()) if isinstance(text, str) else None
    return f"NCT{int(match[1]):08d}" if match else None
