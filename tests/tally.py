"""A pytest plugin that writes what ran and what did not to a file, for tests/run.py to say."""

import json
from collections import Counter
from pathlib import Path

import pytest

MARKERS = ("browser", "records")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--tally", type=Path, help="write the counts of this run to a file")
    parser.addoption(
        "--with-database", action="store_true", help="only the tests that use a database"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--with-database"):
        apart = [item for item in items if not _uses_database(item)]
        items[:] = [item for item in items if _uses_database(item)]
        config.hook.pytest_deselected(items=apart)


def _uses_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db"} & {*getattr(item, "fixturenames", ())}
    return item.get_closest_marker("django_db") is not None or bool(fixtures)


def pytest_configure(config: pytest.Config) -> None:
    # With xdist every process loads this; the one that has no workerinput hears of all tests.
    if config.getoption("--tally") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Tally(config.getoption("--tally")))


class Tally:
    """Counts of outcomes: in all, and for each marker that some machines cannot run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.counts: dict[str, Counter[str]] = {name: Counter() for name in ("all", *MARKERS)}
        self.reasons: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        outcome = _outcome(report)
        if outcome is None:
            return
        self.counts["all"][outcome] += 1
        for marker in MARKERS:
            if marker in report.keywords:
                self.counts[marker][outcome] += 1
                if outcome == "skipped" and isinstance(report.longrepr, tuple):
                    self.reasons[marker] = report.longrepr[2].removeprefix("Skipped: ")

    def pytest_sessionfinish(self) -> None:
        self.path.write_text(json.dumps({"counts": self.counts, "reasons": self.reasons}))


def _outcome(report: pytest.TestReport) -> str | None:
    """The word for one report; None for the set-up and clean-up that went as they should."""
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    if report.failed:
        return "failed" if report.when == "call" else "errors"
    if report.skipped:
        return "skipped"
    return "passed" if report.when == "call" else None
