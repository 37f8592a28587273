"""What is sent while it is read: from one state of the database to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from contextvars import Context, copy_context
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from trials.search import consistent

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class _Flow:
    """Goes on in the context in which the view was; ends the state when it is closed.

    A server asks for what a response has to send when the view and its middleware have ended, and
    with them the choice of database, of language, and the state that all is read from.
    """

    def __init__(self, pieces: Iterator[bytes], context: Context, state: ExitStack) -> None:
        self._pieces, self._context, self._state = pieces, context, state

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return self._context.run(next, self._pieces)

    def close(self) -> None:
        self._context.run(self._state.close)


def from_one_state_to_the_end(view: View) -> View:
    """A view that reads one state of the database, also while what it returns is sent.

    As `trials.search.from_one_state`, for a response that is streamed. A reader who takes long
    holds that state for as long: on PostgreSQL one more snapshot, on SQLite one more reader.
    """

    @wraps(view)
    def within(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        context, state = copy_context(), ExitStack()
        context.run(state.enter_context, consistent())
        try:
            response = context.run(view, request, *args, **kwargs)
        except BaseException:
            context.run(state.close)
            raise
        if isinstance(response, StreamingHttpResponse) and request.method != "HEAD":
            pieces: Any = response.streaming_content
            response.streaming_content = _Flow(iter(pieces), context, state)
        else:
            context.run(state.close)
        return response

    return within  # type: ignore[return-value]
