"""Takes people's contact data out of a study record before anything of it is kept.

Two sweeps: the places where the registry puts people (contacts, officials, investigators) are left
out whole, and e-mail addresses and telephone numbers inside any other text are replaced by words.
Whatever is not plainly a telephone number stays: doses, dates and study numbers matter more here.
"""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from trials.registry.decoding import decode
from trials.registry.errors import UnusableRecord

EMAIL_REMOVED = "[e-mail removed]"
PHONE_REMOVED = "[phone removed]"

# At whatever depth they stand: copies of a module under another name have been seen.
PERSONAL_KEYS = frozenset(
    {
        "centralContacts",
        "contacts",
        "email",
        "investigatorAffiliation",
        "investigatorFullName",
        "investigatorTitle",
        "oldNameTitle",
        "oldOrganization",
        "overallOfficials",
        "phone",
        "phoneExt",
        "pointOfContact",
        "unpostedResponsibleParty",
    }
)
DEEPEST = 250  # levels of nesting, as many as the encoder takes; the registry has 12

# Every repetition is bounded or possessive, and none starts in the middle of another, so the time
# taken grows with the text's length and no faster.
# Letters of any alphabet but the Chinese, Japanese and Korean, which stand against an address
# without a space between; a backslash, since the registry's Markdown writes john\_smith.
_LETTER = r"[^\W\u2e80-\uffef]"
_LOCAL = rf"(?:{_LETTER}|[.+\-'\\])"
_AT = r"(?:@|＠|%40|&#0?64;|&#x40;|&commat;| ?(?:\[at\]|\(at\)) ?)"
_DOMAIN = rf"(?:{_LETTER}(?:{_LETTER}|[\-\\]){{0,62}}\.){{1,8}}[a-z]{{2,24}}"
_BEFORE_LOCAL = rf"(?<!{_LETTER})(?<![.+\-'\\])"
_EMAIL = re.compile(rf"{_BEFORE_LOCAL}{_LOCAL}++{_AT}{_DOMAIN}", re.IGNORECASE)
# Spaces round the sign are a sponsor's "at" too ("pain @ rest.Then"): only an ending in small
# letters that addresses have makes it an address.
_ENDING = r"(?:com|edu|gov|info|int|mil|net|org|(?!at|is|in|it|to|no|as|be|my|so)[a-z]{2})"
_SPACED_EMAIL = re.compile(
    rf"{_BEFORE_LOCAL}{_LOCAL}++ {{0,2}}[@＠] {{0,2}}"
    rf"(?:{_LETTER}(?:{_LETTER}|[\-\\]){{0,62}}\.){{1,8}}{_ENDING}(?!\w)"
)

# With a country's code: nine to fifteen digits. "CD34+ 2 000 000 cells" has something before its +.
_DASH = r"[\s.()/\-\u2010-\u2015]"
_INTERNATIONAL = re.compile(
    rf"[+＋](?<![\w+][+＋])\(?[1-9](?:{_DASH}{{0,3}}[0-9]){{8,14}}(?![0-9])"
)
# Times, doses and counts: what is measured is no telephone number.
_NOT_MEASURED = (
    r"(?! {0,2}(?:[x×*^%]|cells?\b|[µmk]?[gl]\b|days?\b|weeks?\b|months?\b|years?\b|hours?\b"
    r"|patients?\b|people\b|participants?\b))"
)
_NO_DATE = (
    r"(?!(?:19|20)[0-9]{2}[-./](?:0?[1-9]|1[0-2])\b)"
    r"(?![0-9]{1,2}[-./][0-9]{1,2}[-./](?:19|20)?[0-9]{2}\b)"
)
# "10 000 000", "1.000.000": thousands.
_NO_THOUSANDS = r"(?![0-9]{1,3}(?:[ .,]000){2})"
# With 00 for the plus: ten to fifteen digits. An EudraCT number has something before its 00.
_WITH_ZEROS = re.compile(
    # What stands before it is looked at second: the engine leaps from one 00 to the next.
    rf"00(?<![\w.,/#\-\u2010-\u2015]00)[1-9](?:{_DASH}{{0,2}}[0-9]){{9,13}}+(?![\w])"
    rf"{_NOT_MEASURED}"
)
# A Chinese mobile number, which needs no word before it.
_MOBILE = re.compile(
    r"(?<![a-z0-9_.,/#\-\u2010-\u2015])(?:86[ \-]?)?1[3-9](?![0-9]{3}0{6})[0-9]{9}(?![a-z0-9_])"
    rf"{_NOT_MEASURED}",
    re.IGNORECASE,
)
# After a word that announces one: seven to fifteen digits that do not read as a date.
_ANNOUNCED = re.compile(
    r"((?:\b(?:tele)?phone|\btel|\bfax|电话|電話|手机|手機|传真)"
    r"(?: ?/ ?(?:fax|mobile|tel))?(?: ?(?:numbers?|nos?\b|nr\b|号码|号))?[ .:：#=]{0,4})"
    r"(?!(?:19|20)[0-9]{2}[-./](?:0?[1-9]|1[0-2])\b)"
    rf"[+＋]?\(?[0-9](?:{_DASH}{{0,2}}[0-9]){{6,14}}(?![0-9])",
    re.IGNORECASE,
)
# After words that announce other things as well ("call 10 000 000 people").
_PERHAPS_ANNOUNCED = re.compile(
    r"((?:\b(?:mobile|cell ?phone|whatsapp|wechat|call)|微信|联系)"
    r"(?: ?(?:phone|numbers?|nos?\b|id\b|us|at|on|号码|号)){0,2}[ .:：#=]{0,4})"
    rf"{_NO_DATE}{_NO_THOUSANDS}"
    rf"[+＋]?\(?[0-9](?:{_DASH}{{0,2}}[0-9]){{6,14}}+(?![0-9]){_NOT_MEASURED}",
    re.IGNORECASE,
)
_Sweep = tuple[Callable[[str], bool], re.Pattern[str], str]
# Signs that the patterns above cannot match without. Looking for them is many times faster.
_AT_SIGNS = ("@", "%40", "&#", "&commat;", "[at]", "(at)")
_TELEPHONE_SIGNS = ("phone", "fax")
_CHINESE_TELEPHONE_SIGNS = ("电话", "電話", "手机", "手機", "传真")
_TEL = re.compile(r"tel[^a-z]")
_OTHER_SIGNS = ("mobile", "phone", "whatsapp", "wechat")
_CHINESE_OTHER_SIGNS = ("微信", "联系")
_CALL = re.compile(r"call[^a-z]")
_ZEROS = re.compile(rf"00[1-9](?:{_DASH}{{0,2}}[0-9]){{9}}")
_ELEVEN_DIGITS = re.compile(r"1[3-9][0-9]{9}")
# As it stands in canonical JSON. In a text that speaks of it the quotation marks are escaped.
_VERSION = b'"versionHolder":"'
# What the keys of people have in common: eight looks at a record instead of fifteen.
_PERSONAL_SIGNS = (
    b'ontacts":',
    b'"email":',
    b'"investigator',
    b'"old',
    b'"overallOfficials":',
    b'"phone',
    b'"pointOfContact":',
    b'"unpostedResponsibleParty":',
)


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A record without contacts: its canonical JSON, and the SHA-256 (hexadecimal) of that."""

    body: bytes
    content_hash: str


def scrub(raw: Any) -> Any:
    """A copy of a record without personal contact data. The record itself is not touched.

    UnusableRecord where it is nested deeper than any record of the registry.
    """
    return read_canonical(scrub_canonical(canonical(raw)).body)


def content_hash(raw: Any) -> str:
    """SHA-256 (hexadecimal) of the scrubbed record in one canonical spelling of JSON.

    The order of keys does not matter, the order of lists does. A change of contacts alone is none,
    nor is the day of the copy (`versionHolder`), which moves daily though nothing else does.
    """
    return scrub_canonical(canonical(raw)).content_hash


def served_digest(canonical: bytes) -> str:
    """A digest of a record as it was served, contacts and all, but for the day of the copy.

    For records whose canonical JSON this is: 32 hexadecimal digits, some microseconds.
    """
    return hashlib.blake2b(_without_version(canonical), digest_size=16).hexdigest()


def canonical(value: Any) -> bytes:
    """JSON in one spelling: keys sorted, no spaces, UTF-8. UnusableRecord where it is too deep."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:  # lone surrogates, huge numbers, or too deep
        return _canonical_by_json(value)


def _match_anywhere(sweeps: Iterable[_Sweep], written: bytes) -> bool:
    """Whether a look at each text can find anything: each stands whole in what is searched here.

    A quotation mark on either side of a text is to these patterns what its end is.
    """
    text = written.decode()
    if "\\u00" in text:  # a control character; too rare to be worth more
        return True
    for escaped, plain in _ESCAPES:
        text = text.replace(escaped, plain)
    return any(pattern.search(text) for _has_sign, pattern, _replacement in sweeps)


# In this order: a backslash that is meant stands aside until the others are read.
_ESCAPES = (
    ("\\\\", "\x00"),
    ("\\n", "\n"),
    ("\\r", "\r"),
    ("\\t", "\t"),
    ('\\"', '"'),
    ("\x00", "\\"),
)


def _without_version(written: bytes) -> bytes:
    start = written.find(_VERSION)
    if start < 0:
        return written
    end = written.index(b'"', start + len(_VERSION)) + 1
    if written[end : end + 1] == b",":
        end += 1
    return written[:start] + written[end:]


def read_canonical(written: bytes) -> Any:
    """What `canonical` wrote."""
    return decode(written)


def scrub_canonical(written: bytes) -> Scrubbed:
    """A record without personal contact data; `written` is its canonical JSON."""
    # Most records need no look at their parts: nothing in the whole looks like people.
    if any(sign in written for sign in _PERSONAL_SIGNS):
        written = canonical(_each_text(read_canonical(written), _as_it_is, DEEPEST))
    lowered = written.decode().lower()
    seen = {has_sign: has_sign(lowered) for has_sign in _SIGNS}
    sweeps = [sweep for sweep in _SWEEPS if seen[sweep[0]]]
    if sweeps and _match_anywhere(sweeps, written):
        swept = partial(_swept, sweeps=sweeps)
        written = canonical(_each_text(read_canonical(written), swept, DEEPEST))
    return Scrubbed(written, hashlib.sha256(_without_version(written)).hexdigest())


def scrub_text(text: str) -> str:
    """The text with e-mail addresses and plain telephone numbers replaced by words."""
    return _swept(text, _SWEEPS)


def _swept(text: str, sweeps: Iterable[_Sweep]) -> str:
    if len(text) < len("a@b.de"):
        return text
    lowered = text.lower()
    for has_sign, pattern, replacement in sweeps:
        if has_sign(lowered):
            text = pattern.sub(replacement, text)
    return text


def _canonical_by_json(value: Any) -> bytes:
    try:
        text = json.dumps(
            _each_text(value, _without_surrogates, DEEPEST, people=True),
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
        )
    except RecursionError as error:
        raise _too_deep() from error
    return text.encode("utf-8", "ignore")


def _without_surrogates(text: str) -> str:
    """Halves of a character, which no database and no file takes."""
    return text.encode("utf-8", "ignore").decode()


def _has_at(lowered: str) -> bool:
    return _holds(lowered, _AT_SIGNS, ("＠",))


def _holds(lowered: str, signs: Sequence[str], chinese: Sequence[str]) -> bool:
    # Not any(): a generator takes twice as long, and every record passes here.
    for sign in signs:
        if sign in lowered:
            return True
    return not lowered.isascii() and any(sign in lowered for sign in chinese)


def _has_plus(lowered: str) -> bool:
    after_plus = lowered.replace("＋", "+").split("+")[1:]
    return any(after[:2].lstrip("(")[:1].isdigit() for after in after_plus)


def _has_telephone(lowered: str) -> bool:
    return _holds(lowered, _TELEPHONE_SIGNS, _CHINESE_TELEPHONE_SIGNS) or (
        "tel" in lowered and bool(_TEL.search(lowered))
    )


def _may_announce(lowered: str) -> bool:
    return _holds(lowered, _OTHER_SIGNS, _CHINESE_OTHER_SIGNS) or (
        "call" in lowered and bool(_CALL.search(lowered))
    )


def _has_zeros(lowered: str) -> bool:
    return bool(_ZEROS.search(lowered))


def _has_eleven_digits(lowered: str) -> bool:
    return bool(_ELEVEN_DIGITS.search(lowered))


# In the order in which they are made: one that needs a word before it comes before one that does
# not, which would leave the word's number half taken.
_SWEEPS: tuple[_Sweep, ...] = (
    (_has_at, _EMAIL, EMAIL_REMOVED),
    (_has_at, _SPACED_EMAIL, EMAIL_REMOVED),
    (_has_plus, _INTERNATIONAL, PHONE_REMOVED),
    (_has_telephone, _ANNOUNCED, rf"\1{PHONE_REMOVED}"),
    (_may_announce, _PERHAPS_ANNOUNCED, rf"\1{PHONE_REMOVED}"),
    (_has_zeros, _WITH_ZEROS, PHONE_REMOVED),
    (_has_eleven_digits, _MOBILE, PHONE_REMOVED),
)
_SIGNS = tuple({has_sign: None for has_sign, _pattern, _replacement in _SWEEPS})


def _as_it_is(text: str) -> str:
    return text


def _each_text(
    value: Any, changed: Callable[[str], str], levels_left: int, *, people: bool = False
) -> Any:
    """A copy without the keys of people (or with them), each text in it through `changed`."""
    if isinstance(value, str):
        return changed(value)
    if levels_left == 0:
        raise _too_deep()
    if isinstance(value, dict):
        return {
            key: _each_text(inner, changed, levels_left - 1, people=people)
            for key, inner in value.items()
            if people or key not in PERSONAL_KEYS
        }
    if isinstance(value, list):
        return [_each_text(inner, changed, levels_left - 1, people=people) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None  # 1e999 is JSON, but what Python would write for it is not
    return value


def _too_deep() -> UnusableRecord:
    return UnusableRecord("", f"it is nested more than {DEEPEST} levels deep")
