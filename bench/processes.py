"""Starts the processes that are measured, and never leaves one behind."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any, NamedTuple
from urllib.request import urlopen

from bench.memory_use import MemoryUse
from catalog.environment import ADVICE

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 1_800.0  # seconds of one process; then it is ended, and with it the benchmark
GRACE = 25.0  # seconds to end in order
UNIT = 1 if sys.platform == "darwin" else 1024  # bytes, in which a system tells memory


class Broken(Exception):
    """A process did not do what it was started for; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a process came to."""

    seconds: float  # from its start to its end
    processor: float  # seconds of work, its own and of the processes that it waited for
    peak: float  # megabytes at most, mapped files included, of the process (or one it started)
    together: float  # megabytes at most, without mapped files, of the process and all it started
    output: str

    @property
    def json(self) -> Any:
        return json.loads(self.output)


def run(*arguments: str, **variables: str) -> Done:
    """Run Python with these arguments. Raises Broken where it does not end well.

    The system counts for a process the memory of its parent at the moment when it was started, so
    the parent, which is the benchmark itself, stays small.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=_environment(variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
        )
        limit = Timer(LONGEST, process.kill)
        limit.start()
        try:
            with MemoryUse(process.pid) as memory:
                _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            limit.cancel()
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise Broken(f"{_name(arguments)} ended with {process.returncode}: {_tail(errors)}")
        output.seek(0)
        peak = used.ru_maxrss * UNIT / 1e6
        processor = used.ru_utime + used.ru_stime
        return Done(seconds, processor, peak, memory.peak, output.read().decode())


@contextmanager
def registry(records: Path) -> Iterator[str]:
    """A registry with these records; its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.registry", str(records)],
        cwd=ROOT,
        env=_environment({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        if not address:
            raise Broken("the registry did not start")
        yield address
    finally:
        process.stdin.close()
        process.stdout.close()
        _end(process)


class Server(NamedTuple):
    """A server that answers on this machine."""

    port: int
    process: int


@contextmanager
def web_server(database_url: str, **variables: str) -> Iterator[Server]:
    """The site as `make serve` runs it, on a free port."""
    port = _free_port()
    command = ["-m", "gunicorn", "-c", "catalog/gunicorn.py", "catalog.wsgi"]
    variables = {"DATABASE_URL": database_url, "PORT": str(port), **variables}
    with _serving(port, "/readyz", command, variables) as process:
        yield Server(port, process)


@contextmanager
def datasette(path: Path, settings: Mapping[str, object]) -> Iterator[int]:
    """Datasette with this file, which nobody changes, on a free port; the port."""
    port = _free_port()
    command = ["-m", "datasette", "serve", "--immutable", str(path), "--port", str(port)]
    for name, value in settings.items():
        command += ["--setting", name, str(value)]
    with _serving(port, "/-/versions.json", command, {}):
        yield port


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def _serving(
    port: int, ready: str, command: Sequence[str], variables: Mapping[str, str]
) -> Iterator[int]:
    """The number of the process."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=_environment(variables),
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
        )
        try:
            _wait_until_ready(process, port, ready, errors)
            yield process.pid
        finally:
            process.terminate()
            _end(process)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, ready: str, errors: Any) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}{ready}", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise Broken(f"the server of {ready} is not ready: {_tail(errors)}")


def _end(process: subprocess.Popen[Any]) -> None:
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    """None of the variables set on this machine, but these."""
    plain = {name: value for name, value in os.environ.items() if name not in ADVICE}
    return plain | {
        "SECRET_KEY": f"only-for-benchmarks-{'0123456789' * 5}",
        "REGISTRY_INTERVAL": "0",
        "LOG_LEVEL": "WARNING",
        **variables,
    }


def _name(arguments: tuple[str, ...]) -> str:
    return " ".join(arguments)[:100]


def _tail(errors: Any) -> str:
    errors.seek(0)
    lines = errors.read().decode("utf-8", "replace").strip().splitlines()
    return " | ".join(lines[-5:])[-800:] or "it said nothing"
