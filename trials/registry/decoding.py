"""Turns bytes into JSON values, strictly, and says in a sentence why some cannot be."""

import json
from typing import Any, NoReturn

import orjson

# An integer of fewer digits fits into 64 bits.
_LONG = b"0" * 19
_DIGITS_TO_ZERO = bytes(ord("0") if chr(byte) in "0123456789" else ord(" ") for byte in range(256))
_BEFORE_A_NUMBER = b"[:,- \t\r\n"


class Undecodable(ValueError):
    """These bytes are no JSON text; the message says why."""


def decode(content: bytes | bytearray) -> Any:
    """The JSON value in these bytes (UTF-8, with or without a byte order mark).

    Decoded by orjson, and where that might give another value than Python's own json, by json.
    """
    if not _may_hold_long_integer(content):
        try:
            return orjson.loads(content)
        except orjson.JSONDecodeError:
            pass  # it refuses some of what JSON permits (a lone surrogate); its words are its own
    return _decode_slowly(content)


def _may_hold_long_integer(content: bytes | bytearray) -> bool:
    """Whether an integer may be beyond 64 bits: orjson would make a float of it, silently.

    Done by whole-text operations, which cost a fifth of the decoding; a regular expression would
    cost more than all of it.
    """
    digits = content.translate(_DIGITS_TO_ZERO)
    start = digits.find(_LONG)
    while start >= 0:
        if content[max(start - 1, 0) : start] in _BEFORE_A_NUMBER:
            return True
        start = digits.find(_LONG, digits.find(b" ", start))
    return False


def _decode_slowly(content: bytes | bytearray) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
    except Undecodable:
        raise
    except UnicodeDecodeError as error:
        raise Undecodable(f"byte {error.start + 1} is not UTF-8") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Undecodable(f"it is not JSON: {error.msg} at {where}") from error
    except RecursionError as error:
        raise Undecodable("it is nested too deeply") from error
    except ValueError as error:  # a number of more than 4,300 digits
        raise Undecodable(f"it is not usable JSON: {error}") from error


def _refuse(constant: str) -> NoReturn:
    raise Undecodable(f"it is not JSON: {constant} is no JSON value")
