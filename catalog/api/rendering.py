"""JSON as it is sent: UTF-8, written by orjson, in a fraction of the time."""

from __future__ import annotations

from typing import Any

import orjson
from rest_framework.renderers import JSONRenderer


class Json(JSONRenderer):
    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=str)
