"""Has a live server answer one question at a time where all its threads share one connection.

So they do on SQLite in memory. A savepoint of one answer would be taken back by another that is
made at the same moment, which no server outside of tests can do: each thread has its own.
"""

from __future__ import annotations

import threading
from typing import Any

from django.core.handlers.wsgi import WSGIHandler

_LOCK = threading.Lock()
_answer = WSGIHandler.__call__


def _answer_alone(self: WSGIHandler, environ: Any, start_response: Any) -> Any:
    with _LOCK:
        return _answer(self, environ, start_response)


def answer_one_at_a_time() -> None:
    WSGIHandler.__call__ = _answer_alone  # type: ignore[method-assign]
