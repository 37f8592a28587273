"""Settings of gunicorn, the WSGI server: read by `gunicorn -c catalog/gunicorn.py`."""

import os
import sys
from pathlib import Path
from typing import Any

from catalog.environment import EVERY_ADDRESS, WrongSetting, local_url, read_environment

try:
    _environment = read_environment(Path(__file__).resolve().parent.parent)
except WrongSetting as wrong:
    sys.stderr.write(f"{wrong}\n")
    sys.exit(2)

_host = f"[{_environment.host}]" if ":" in _environment.host else _environment.host
_memory = "/dev/shm"  # noqa: S108  Linux alone has it

bind = f"{_host}:{_environment.port}"
workers = _environment.web_concurrency
worker_class = "gthread"
threads = 4
timeout = 60  # seconds until a worker that does not answer is replaced
graceful_timeout = 20  # seconds that a request may still take when the server is told to end
keepalive = 5
limit_request_line = 8190  # bytes, gunicorn's most: a longer question gets its HTML, not a problem
max_requests = 10_000  # a leak in any library ends with its worker
max_requests_jitter = 1_000
# The heartbeat is a file: on a slow disk it would stop a worker that is only waiting.
worker_tmp_dir = _memory if os.access(_memory, os.W_OK) else None
loglevel = "warning" if _environment.log_level == "INFO" else _environment.log_level.lower()
control_socket_disable = True  # one file for a whole user: two servers would fight for it


def when_ready(server: Any) -> None:
    """Say where the site is."""
    sys.stderr.write(f"The catalogue is at {local_url(_environment.host, _environment.port)}/")
    sys.stderr.write("  (Ctrl-C stops it)\n")
    if _environment.host in EVERY_ADDRESS:
        sys.stderr.write(
            "It listens on every address. It answers to these names, and to those that"
            f" ALLOWED_HOSTS gives: {', '.join(_environment.allowed_hosts)}\n"
        )
    sys.stderr.flush()
