"""Takes people's contact data out of a study record before anything of it is kept.

Two sweeps: the places where the registry puts people (contacts, officials, investigators) are left
out whole, and e-mail addresses and telephone numbers inside any other text are replaced by words.
Whatever is not plainly a telephone number stays: doses, dates and study numbers matter more here.
"""

import hashlib
import json
import math
import re
from collections.abc import Callable
from typing import Any

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
DEEPEST = 100  # levels of nesting; the registry's own records have 12

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
_INTERNATIONAL = re.compile(rf"(?<![\w+])[+＋]\(?[1-9](?:{_DASH}{{0,3}}[0-9]){{8,14}}(?![0-9])")
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
    rf"(?<![\w.,/#\-\u2010-\u2015])00[1-9](?:{_DASH}{{0,2}}[0-9]){{9,13}}+(?![\w]){_NOT_MEASURED}"
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
# Signs that the patterns above cannot match without. Looking for them is many times faster.
_AT_SIGNS = ("@", "＠", "%40", "&#", "&commat;", "[at]", "(at)")
_TELEPHONE_SIGNS = ("phone", "fax", "电话", "電話", "手机", "手機", "传真")
_TEL = re.compile(r"tel[^a-z]")
_OTHER_SIGNS = ("mobile", "phone", "whatsapp", "wechat", "微信", "联系")
_CALL = re.compile(r"call[^a-z]")
_ZEROS = re.compile(rf"00[1-9](?:{_DASH}{{0,2}}[0-9]){{9}}")
_ELEVEN_DIGITS = re.compile(r"1[3-9][0-9]{9}")
# As it stands in canonical JSON. In a text that speaks of it the quotation marks are escaped.
_VERSION = re.compile(r'"versionHolder":"[^"]*",?')


def scrub(raw: Any) -> Any:
    """A copy of a record without personal contact data. The record itself is not touched.

    UnusableRecord where it is nested deeper than any record of the registry.
    """
    return _scrubbed(raw)[0]


def content_hash(raw: Any) -> str:
    """SHA-256 (hexadecimal) of the scrubbed record in one canonical spelling of JSON.

    The order of keys does not matter, the order of lists does. A change of contacts alone is none,
    nor is the day of the copy (`versionHolder`), which moves daily though nothing else does.
    """
    return scrub_and_hash(raw)[1]


def scrub_and_hash(raw: Any) -> tuple[Any, str]:
    """Both of the above, for little more than the price of one."""
    scrubbed, canonical = _scrubbed(raw)
    canonical = _VERSION.sub("", canonical)
    return scrubbed, hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def scrub_text(text: str) -> str:
    """The text with e-mail addresses and plain telephone numbers replaced by words."""
    if len(text) < len("a@b.de"):
        return text
    lowered = text.lower()
    for has_sign, pattern, replacement in _SWEEPS:
        if has_sign(lowered):
            text = pattern.sub(replacement, text)
    return text


def _scrubbed(raw: Any) -> tuple[Any, str]:
    """The scrubbed record and its canonical JSON."""
    scrubbed = _each_text(raw, _as_it_is, DEEPEST)
    canonical = _canonical(scrubbed)
    # One look at the whole record spares, in four of five, a look at each of its texts.
    if _may_hold_contacts(canonical):
        scrubbed = _each_text(scrubbed, scrub_text, DEEPEST)
        canonical = _canonical(scrubbed)
    return scrubbed, canonical


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _may_hold_contacts(text: str) -> bool:
    lowered = text.lower()
    return any(has_sign(lowered) for has_sign, _pattern, _replacement in _SWEEPS)


def _has_at(lowered: str) -> bool:
    return any(sign in lowered for sign in _AT_SIGNS)


def _has_plus(lowered: str) -> bool:
    after_plus = lowered.replace("＋", "+").split("+")[1:]
    return any(after[:2].lstrip("(")[:1].isdigit() for after in after_plus)


def _has_telephone(lowered: str) -> bool:
    return any(sign in lowered for sign in _TELEPHONE_SIGNS) or bool(_TEL.search(lowered))


def _may_announce(lowered: str) -> bool:
    return any(sign in lowered for sign in _OTHER_SIGNS) or bool(_CALL.search(lowered))


def _has_zeros(lowered: str) -> bool:
    return bool(_ZEROS.search(lowered))


def _has_eleven_digits(lowered: str) -> bool:
    return bool(_ELEVEN_DIGITS.search(lowered))


# In the order in which they are made: one that needs a word before it comes before one that does
# not, which would leave the word's number half taken.
_SWEEPS: tuple[tuple[Callable[[str], bool], re.Pattern[str], str], ...] = (
    (_has_at, _EMAIL, EMAIL_REMOVED),
    (_has_at, _SPACED_EMAIL, EMAIL_REMOVED),
    (_has_plus, _INTERNATIONAL, PHONE_REMOVED),
    (_has_telephone, _ANNOUNCED, rf"\1{PHONE_REMOVED}"),
    (_may_announce, _PERHAPS_ANNOUNCED, rf"\1{PHONE_REMOVED}"),
    (_has_zeros, _WITH_ZEROS, PHONE_REMOVED),
    (_has_eleven_digits, _MOBILE, PHONE_REMOVED),
)


def _as_it_is(text: str) -> str:
    return text


def _each_text(value: Any, changed: Callable[[str], str], levels_left: int) -> Any:
    """A copy without the keys of people, each text in it passed through `changed`."""
    if isinstance(value, str):
        return changed(value)
    if levels_left == 0:
        raise UnusableRecord("", f"it is nested more than {DEEPEST} levels deep")
    if isinstance(value, dict):
        return {
            key: _each_text(inner, changed, levels_left - 1)
            for key, inner in value.items()
            if key not in PERSONAL_KEYS
        }
    if isinstance(value, list):
        return [_each_text(inner, changed, levels_left - 1) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None  # 1e999 is JSON, but what Python would write for it is not
    return value
