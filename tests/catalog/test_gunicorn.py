"""The settings of the WSGI server, as gunicorn itself understands them."""

import runpy
from typing import Any

import pytest
from django.conf import settings
from gunicorn.config import Config
from gunicorn.http.errors import LimitRequestLine
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader


def configuration() -> Config:
    config = Config()
    for name, value in runpy.run_path(str(settings.BASE_DIR / "catalog/gunicorn.py")).items():
        if name in config.settings:
            config.set(name, value)
    return config


def ask(length: int) -> Any:
    """A request whose first line has this many bytes, without its line break."""
    line = b"GET /api/v1/trials/?q=%s HTTP/1.1"
    line %= b"a" * (length - len(line) + 2)
    return Request(configuration(), IterUnreader([line + b"\r\n\r\n"]), ("127.0.0.1", 1))


def test_an_address_may_be_as_long_as_gunicorn_allows() -> None:
    assert len(ask(8000).query) > 7900


def test_a_longer_address_is_refused() -> None:
    with pytest.raises(LimitRequestLine):
        ask(8300)
