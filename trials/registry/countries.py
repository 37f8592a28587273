"""The registry's country names as ISO 3166-1 alpha-2 codes.

Most names are CLDR's English ones (from Babel). The registry's own spellings, of which it uses
several at once for one country, stand in the table below.
"""

import unicodedata
from functools import cache, lru_cache

from babel import Locale

# Names of countries that are no more: no code of today would be true of all their parts.
FORMER = (
    "Former Serbia and Montenegro",
    "Former Yugoslavia",
    "Netherlands Antilles",
    "Serbia and Montenegro",
    "Yugoslavia",
)

# Left: a spelling seen in the registry, now or formerly. Right: the ISO code.
SPELLINGS = {
    "Bahamas, The": "BS",
    "Bolivia, Plurinational State of": "BO",
    "Brunei Darussalam": "BN",
    "Burma": "MM",
    "Congo": "CG",
    "Congo, Democratic Republic of the": "CD",
    "Congo, The Democratic Republic of the": "CD",
    "Czech Republic": "CZ",
    "Democratic Republic of the Congo": "CD",
    "East Timor": "TL",
    "Falkland Islands (Malvinas)": "FK",
    "Federated States of Micronesia": "FM",
    "Gambia, The": "GM",
    "Great Britain": "GB",
    "Holy See (Vatican City State)": "VA",
    "Hong Kong": "HK",
    "Iran, Islamic Republic of": "IR",
    "Ivory Coast": "CI",
    "Korea, Democratic People's Republic of": "KP",
    "Korea, Republic of": "KR",
    "Lao People's Democratic Republic": "LA",
    "Libyan Arab Jamahiriya": "LY",
    "Macao": "MO",
    "Macau": "MO",
    "Macedonia": "MK",
    "Macedonia, The Former Yugoslav Republic of": "MK",
    "Micronesia, Federated States of": "FM",
    "Moldova, Republic of": "MD",
    "Myanmar": "MM",
    "Palestine": "PS",
    "Palestine, State of": "PS",
    "Palestinian Territories, Occupied": "PS",
    "Palestinian Territory, occupied": "PS",
    "Republic of Korea": "KR",
    "Republic of the Congo": "CG",
    "Russian Federation": "RU",
    "Slovak Republic": "SK",
    "Swaziland": "SZ",
    "Syrian Arab Republic": "SY",
    "Taiwan, Province of China": "TW",
    "Tanzania, United Republic of": "TZ",
    "The Bahamas": "BS",
    "The Democratic Republic of the Congo": "CD",
    "The Gambia": "GM",
    "The Netherlands": "NL",
    "Turkey": "TR",
    "Turkey (Türkiye)": "TR",
    "UK": "GB",
    "USA": "US",
    "United States of America": "US",
    "Venezuela, Bolivarian Republic of": "VE",
    "Viet Nam": "VN",
    "Virgin Islands (U.S.)": "VI",
    "Virgin Islands, British": "VG",
    "Virgin Islands, U.S.": "VI",
}

# CLDR also names groups of countries, parts of countries and placeholders.
_NO_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)


def country_code(name: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country as the registry names it; None if it has none."""
    return _codes().get(_plain(name))


def is_former(name: str) -> bool:
    """Whether this names a country that is no more, and so rightly has no code."""
    return _plain(name) in {_plain(former) for former in FORMER}


@cache
def _codes() -> dict[str, str]:
    territories = Locale("en").territories
    codes = {
        _plain(name): code
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }
    return codes | {_plain(name): code for name, code in SPELLINGS.items()}


@lru_cache(maxsize=1024)  # bounded: any text may come as a country
def _plain(name: str) -> str:
    """The name without case, accents, apostrophes' shapes and other differences of spelling."""
    decomposed = unicodedata.normalize("NFKD", name.replace("’", "'").replace("&", "and"))
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    words = letters.casefold().split()
    return " ".join("saint" if word == "st." else word for word in words)
