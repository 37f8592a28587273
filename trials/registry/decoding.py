"""Turns bytes into JSON values, strictly, and says in a sentence why some cannot be."""

import json
from typing import Any, NoReturn


class Undecodable(ValueError):
    """These bytes are no JSON text; the message says why."""


def decode(content: bytes) -> Any:
    """The JSON value in these bytes (UTF-8, with or without a byte order mark)."""
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
