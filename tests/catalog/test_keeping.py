"""The worker beside the server: started again when it dies, and never left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from catalog.keeping import Keeper

# A worker that writes its number down and then waits to be ended.
WORKER = """
import os, sys, time
with open(sys.argv[1], "a") as told: print(os.getpid(), file=told)
while True: time.sleep(60)
"""
# A server: a process that has a keeper for a child, and waits.
SERVER = """
import signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # tests in the background ignore it
subprocess.Popen([sys.executable, "-c", sys.argv[1], str(__import__("os").getpid()), *sys.argv[2:]])
while True: time.sleep(60)
"""
KEEPER = """
import sys
from catalog import keeping
keeping.FIRST_START_AFTER = keeping.PAUSE_AFTER_DEATH = keeping.LOOK_EVERY = 0.02
server, told, *rest = sys.argv[1:]
with open(told + ".keeper", "w") as file: print(__import__("os").getpid(), file=file)
keeping.Keeper(int(server), [sys.executable, "-c", rest[0], told]).keep()
"""


def until(happened: Callable[[], object], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def alive(number: int) -> bool:
    """Whether the process runs; one that ended and waits for its parent does not."""
    done = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(number)], capture_output=True, text=True, check=False
    )
    return bool(done.stdout.strip()) and not done.stdout.strip().startswith("Z")


class House:
    """A server, its keeper and the keeper's worker, all real processes."""

    def __init__(self, folder: Path) -> None:
        self.told = folder / "workers"
        command = [sys.executable, "-c", SERVER, KEEPER, str(self.told), WORKER]
        self.server = subprocess.Popen(
            command, cwd=settings.BASE_DIR, stderr=subprocess.DEVNULL, start_new_session=True
        )

    @property
    def workers(self) -> list[int]:
        """All workers there ever were, the newest last."""
        return [int(line) for line in self.told.read_text().split()] if self.told.exists() else []

    @property
    def keeper(self) -> int:
        return int(self.told.with_name("workers.keeper").read_text())


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    until(lambda: made.workers)
    yield made
    made.server.kill()
    made.server.wait()
    for each in (made.keeper, *made.workers):
        if alive(each):
            os.kill(each, signal.SIGKILL)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nobody_is_left_when_the_server_ends(house, how):
    house.server.send_signal(how)
    house.server.wait(10)

    until(lambda: not alive(house.keeper) and not alive(house.workers[-1]))


def test_nobody_is_left_when_the_whole_group_is_ended(house):
    os.killpg(house.server.pid, signal.SIGTERM)
    house.server.wait(10)

    until(lambda: not alive(house.keeper) and not alive(house.workers[-1]))


def test_a_worker_that_dies_is_started_again(house):
    os.kill(house.workers[-1], signal.SIGKILL)

    until(lambda: len(house.workers) == 2)
    assert alive(house.workers[-1])


def test_a_worker_that_dies_again_and_again_is_started_ever_later(monkeypatch, capfd):
    pauses: list[float] = []
    keeper = Keeper(os.getppid(), [sys.executable, "-c", "raise SystemExit(1)"])
    monkeypatch.setattr(keeper, "_wait", pauses.append)
    monkeypatch.setattr("catalog.keeping.LOOK_EVERY", 0.01)
    monkeypatch.setattr("catalog.keeping.LONGEST_PAUSE", 5.0)
    monkeypatch.setattr(Keeper, "over", property(lambda self: len(pauses) > 4))
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        keeper.keep()
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)

    assert pauses == [1.0, 2.0, 4.0, 5.0, 5.0]
    assert capfd.readouterr().err.count("it is started again in") == 4
