"""Runs every test on each database that is there, and says at the end what was not run."""

import argparse
import getpass
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from catalog.environment import ADVICE

NAMED = "TEST_POSTGRES_URL"
EXAMPLE = f"{NAMED}=postgres://user:password@127.0.0.1:5432/postgres"
ORDER = ("failed", "passed", "skipped", "xfailed", "xpassed", "errors")  # pytest's own
OPTIONAL = {"browser": "Browser tests", "records": "Tests on real records"}


class NoServer(Exception):
    """No PostgreSQL server can be used; the message says why."""


@dataclass
class Run:
    """What one run of pytest on one database came to."""

    database: str
    exit_code: int
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "--everything",
        action="store_true",
        help="fail where PostgreSQL or the browser is missing (continuous integration)",
    )
    options, for_pytest = parser.parse_known_args(arguments)
    started = time.perf_counter()
    runs = [run_pytest("SQLite", "sqlite://:memory:", for_pytest)]
    missing = ""
    try:
        url = find_server(os.environ)
        # What needs no database has run already. A page looks the same from both databases, and
        # a browser is slow: once is enough.
        chosen = ["--with-database", *([] if "-m" in for_pytest else ["-m", "not browser"])]
        runs.append(run_pytest("PostgreSQL", url, [*chosen, *for_pytest]))
    except NoServer as reason:
        missing = str(reason)
    left_out = report(runs, missing, time.perf_counter() - started)
    named_in_vain = bool(missing and os.environ.get(NAMED))
    return exit_code(runs, named_in_vain or (options.everything and left_out))


def exit_code(runs: list[Run], incomplete: bool) -> int:
    """0 where every run went well; a run that a choice of tests left empty is no failure."""
    worst = max(0 if run.exit_code == 5 else run.exit_code for run in runs)
    return worst or int(incomplete or all(run.exit_code == 5 for run in runs))


def run_pytest(database: str, url: str, arguments: list[str]) -> Run:
    """Run pytest in a process of its own, with none of the variables set on this machine."""
    print(f"\n{database}", flush=True)  # noqa: T201
    environment = {name: value for name, value in os.environ.items() if name not in ADVICE}
    environment |= {"DATABASE_URL": url, "SECRET_KEY": f"only-for-tests-{'0123456789' * 5}"}
    with tempfile.TemporaryDirectory() as folder:
        tally = Path(folder) / "tally.json"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-n",
            "auto",
            "--dist",
            "worksteal",
            "-p",
            "tests.tally",
        ]
        command += ["--tally", str(tally), *arguments]
        code = subprocess.run(command, env=environment, check=False).returncode
        if not tally.exists():
            return Run(database, code or 1)
        told = json.loads(tally.read_text())
    counts = {name: Counter(count) for name, count in told["counts"].items()}
    return Run(database, code, counts, told["reasons"])


def find_server(environ: "os._Environ[str] | dict[str, str]") -> str:
    """The address of a PostgreSQL server where databases may be made. Raises NoServer."""
    if named := environ.get(NAMED):
        _try(named)
        return named
    users = dict.fromkeys([environ.get("PGUSER") or getpass.getuser(), "postgres"])
    reasons = {}
    for user in users:
        url = f"postgres://{user}@127.0.0.1:5432/postgres"
        try:
            _try(url)
        except NoServer as reason:
            reasons[user] = str(reason)
        else:
            return url
    # The same words for each user are said once.
    raise NoServer("; ".join(dict.fromkeys(reasons.values())) + f" (name a server: {EXAMPLE})")


def _try(url: str) -> None:
    try:
        place = conninfo_to_dict(url)
        with psycopg.connect(url, connect_timeout=3) as connection:
            allowed = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.ProgrammingError as error:
        raise NoServer(f"{NAMED} is no address of a server: write {EXAMPLE}") from error
    except psycopg.OperationalError as error:
        # libpq says it in several lines: "connection to server at … failed: the reason".
        raise NoServer(str(error).split("failed: ")[-1].splitlines()[0]) from error
    if not (allowed and allowed[0]):
        raise NoServer(f"the user {place.get('user')} may not make databases")


def report(runs: list[Run], missing: str, seconds: float) -> bool:
    """Print what ran and what did not; the last line is in pytest's form. True: a part is missing.

    The tests on real records are not counted as missing: the records are no part of the project.
    """
    lines = [f"{run.database}: {words(run.counts.get('all', Counter()))}" for run in runs]
    if len(runs) > 1:
        lines[-1] += " (all that use a database)"
    if missing:
        lines.append(f"PostgreSQL: not run, because {missing}")
    for marker, name in OPTIONAL.items():
        lines.append(f"{name}: {_optional(marker, runs)}")
    total = sum((run.counts.get("all", Counter()) for run in runs), Counter())
    lines.append(f"{words(total)} in {seconds:.2f}s")
    print("\n" + "\n".join(lines), flush=True)  # noqa: T201
    return bool(missing) or not _passed("browser", runs)


def words(counts: Counter[str]) -> str:
    """Counts as pytest says them: `1 failed, 20 passed, 2 skipped`."""
    return ", ".join(f"{counts[name]} {name}" for name in ORDER if counts[name]) or "no tests ran"


def _optional(marker: str, runs: list[Run]) -> str:
    reasons = {reason: None for run in runs if (reason := run.reasons.get(marker))}
    total = sum((run.counts.get(marker, Counter()) for run in runs), Counter())
    if total and not _passed(marker, runs) and not total["failed"] and not total["errors"]:
        return f"not run, because {'; '.join(reasons)}"
    return words(total) + (f" ({'; '.join(reasons)})" if reasons else "")


def _passed(marker: str, runs: list[Run]) -> int:
    return sum(run.counts.get(marker, Counter())["passed"] for run in runs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
