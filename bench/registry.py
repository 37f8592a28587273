"""A registry whose pages stand ready, as a process of its own: `python -m bench.registry RECORDS`.

It prints its address, and ends when its input does. The stand-in of the tests searches and packs
anew for every question, on the same cores, which would be measured too. This one answers every
query with all of its records.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

BASE = "/api/v2"
PAGE_SIZE = 250  # studies, as many as a refresh asks for
VERSION = {"apiVersion": "2.0.5", "dataTimestamp": "2026-01-05T09:00:05"}
NONE = {"studies": [], "totalCount": 0}


class ReadyRegistry(ThreadingHTTPServer):
    """Serves the records of a JSON Lines file from `start` to `stop`."""

    daemon_threads = True

    def __init__(self, path: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages = list(_pages(path))
        self.none, self.version = _packed(NONE), _packed(VERSION)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{BASE}"

    def start(self) -> None:
        Thread(target=self.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


def _pages(path: Path) -> Iterator[bytes]:
    with path.open("rb") as lines:
        total = sum(1 for _ in lines)
        lines.seek(0)
        for start in range(0, max(total, 1), PAGE_SIZE):
            studies = b",".join(line.rstrip() for line in islice(lines, PAGE_SIZE))
            rest: dict[str, object] = {} if start else {"totalCount": total}
            if start + PAGE_SIZE < total:
                rest["nextPageToken"] = f"page{start // PAGE_SIZE + 1}"
            after = json.dumps(rest)[1:].encode()
            page = b'{"studies":[' + studies + b"]" + (b"," if rest else b"") + after
            yield gzip.compress(page, compresslevel=1)


def _packed(value: object) -> bytes:
    return gzip.compress(json.dumps(value).encode())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or a small answer waits for the client's acknowledgement
    server: ReadyRegistry

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = parse_qs(parts.query)
        path = parts.path.removeprefix(BASE)
        if path == "/version":
            self._send(200, self.server.version)
        elif path != "/studies":
            self._send(404, gzip.compress(f"{path.rpartition('/')[2]} not found".encode()))
        elif "filter.ids" in asked:
            self._send(200, self.server.none)
        else:
            token = asked.get("pageToken", ["page0"])[0]
            self._send(200, self.server.pages[int(token.removeprefix("page"))])

    def _send(self, status: int, packed: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if status == 200 else "text/plain")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        self.wfile.write(packed)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


def main(path: str) -> None:
    registry = ReadyRegistry(Path(path))
    registry.start()
    sys.stdout.write(f"{registry.url}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
