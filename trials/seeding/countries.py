"""Countries by their ISO codes, named by CLDR (through Babel) in English and in Chinese."""

from __future__ import annotations

from functools import cache

from babel import Locale

# Codes that CLDR names and ISO 3166-1 does not list: unions, "unknown", reserved codes.
_NOT_ISO = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)
# CLDR's own short forms, which Babel does not carry.
_SHORT = {"HK": ("Hong Kong", "香港"), "MO": ("Macao", "澳门")}


@cache
def country_names() -> dict[str, tuple[str, str]]:
    """English and Chinese name by ISO 3166-1 alpha-2 code (and XK, which registries use)."""
    english = Locale("en").territories
    chinese = Locale.parse("zh_Hans").territories
    return {
        code: _SHORT.get(code, (name, chinese[code]))
        for code, name in sorted(english.items())
        if len(code) == 2 and code.isalpha() and code not in _NOT_ISO
    }
