"""The closing words of `make test`: what ran, what did not, and why."""

from collections import Counter

import pytest

from tests.run import NoServer, Run, exit_code, find_server, report


def run_of(database: str, code: int = 0, **counts: int) -> Run:
    return Run(database, code, {"all": Counter(counts)})


def test_what_was_not_run_is_said(capsys):
    sqlite = run_of("SQLite", passed=300, skipped=2)
    sqlite.counts |= {"browser": Counter(skipped=1), "records": Counter(skipped=1)}
    sqlite.reasons = {"browser": "no Chromium found", "records": "no records beside the project"}

    left_out = report([sqlite], "connection refused", seconds=40.7)

    assert left_out is True
    assert capsys.readouterr().out.splitlines()[1:] == [
        "SQLite: 300 passed, 2 skipped",
        "PostgreSQL: not run, because connection refused",
        "Browser tests: not run, because no Chromium found",
        "Tests on real records: not run, because no records beside the project",
        "300 passed, 2 skipped in 40.70s",
    ]


def test_both_databases_and_a_browser_leave_nothing_out(capsys):
    sqlite, postgresql = run_of("SQLite", passed=3), run_of("PostgreSQL", passed=2, failed=1)
    sqlite.counts["browser"] = Counter(passed=1)

    left_out = report([sqlite, postgresql], "", seconds=1)

    assert left_out is False
    assert capsys.readouterr().out.splitlines()[1:] == [
        "SQLite: 3 passed",
        "PostgreSQL: 1 failed, 2 passed (all that use a database)",
        "Browser tests: 1 passed",
        "Tests on real records: no tests ran",
        "1 failed, 5 passed in 1.00s",
    ]


@pytest.mark.parametrize(
    ("codes", "incomplete", "expected"),
    [
        ([0, 0], False, 0),
        ([0, 1], False, 1),
        ([0, 5], False, 0),  # the choice of tests left one database without any
        ([5, 5], False, 1),
        ([0, 0], True, 1),
    ],
)
def test_one_failure_fails_the_whole(codes, incomplete, expected):
    assert exit_code([run_of("a database", code) for code in codes], incomplete) == expected


def test_a_named_server_that_is_no_address_is_told():
    with pytest.raises(NoServer, match="TEST_POSTGRES_URL is no address of a server"):
        find_server({"TEST_POSTGRES_URL": "nonsense"})


def test_a_named_server_that_does_not_answer_is_told():
    with pytest.raises(NoServer, match="refused"):
        find_server({"TEST_POSTGRES_URL": "postgres://127.0.0.1:1/postgres"})
