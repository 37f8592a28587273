"""How fast a whole catalogue is sent as a file, and in how much memory: over HTTP, one worker."""

from __future__ import annotations

import time
from http.client import HTTPConnection, HTTPException

from bench.figures import Figures
from bench.memory_use import MemoryUse, held_together
from bench.processes import Broken, web_server

FILES = {"JSON Lines": "/trials.ndjson", "CSV": "/trials.csv"}
LEAST = 20_000  # trials a second
MOST = 64  # megabytes over those of the idle worker
PATIENCE = 600.0  # seconds
AT_ONCE = 1 << 18  # bytes


def tell(name: str, url: str, count: int, figures: Figures) -> None:
    """`name` is what the figures begin with; the catalogue at `url` has `count` trials."""
    with web_server(url, WEB_CONCURRENCY="1") as server:
        _fetch(server.port, "/api/v1/trials/?page_size=100")  # loads the index
        time.sleep(3)
        idle = held_together(server.process)
        for file, address in FILES.items():
            began = time.perf_counter()
            with MemoryUse(server.process) as memory:
                lines = _fetch(server.port, address)
            seconds = time.perf_counter() - began
            if lines < count:
                raise Broken(f"{address} has {lines} lines, not {count}")
            figures.add(f"{name}, as {file}", count / seconds, "trials/s", least=LEAST)
            figures.add(
                f"{name}, as {file}, over the idle worker", memory.peak - idle, "MB", most=MOST
            )


def _fetch(port: int, address: str) -> int:
    """The number of lines of what is there. Raises Broken for everything but a whole answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        lines = 0
        while part := answer.read(AT_ONCE):
            lines += part.count(b"\n")
    except (OSError, HTTPException) as error:
        raise Broken(f"{address}: {error!r}") from error
    finally:
        connection.close()
    if answer.status != 200:
        raise Broken(f"{address}: {answer.status}")
    return lines
