"""Turns a database's address into Django's settings for it, tuned for a site that mostly reads."""

from pathlib import Path
from typing import Any

import dj_database_url

SQLITE_AT_START = (
    "PRAGMA journal_mode=WAL;"  # readers go on while a refresh writes
    "PRAGMA synchronous=NORMAL;"  # safe with WAL; a power cut may lose the last commit, never more
    "PRAGMA mmap_size=134217728;"  # bytes
    "PRAGMA cache_size=-20000;"  # KiB where negative
)
SCHEMES = ("sqlite", "postgres", "postgresql")
LONGEST_STATEMENT = 30  # seconds of one statement for a page; nobody waits longer


def database(url: str, base_dir: Path, debug: bool) -> dict[str, Any]:
    """Settings for one entry of DATABASES. A relative SQLite path starts at `base_dir`.

    Raises ValueError where the address cannot be used.
    """
    scheme, separator, _ = url.strip().partition("://")
    if scheme not in SCHEMES or not separator:
        raise ValueError(url)
    # runserver answers each request in a thread of its own: a kept connection would never be used
    # again.
    config: dict[str, Any] = dict(
        dj_database_url.parse(url.strip(), conn_max_age=0 if debug else 60, conn_health_checks=True)
    )
    return _sqlite(config, base_dir) if scheme == "sqlite" else _postgres(config)


def _sqlite(config: dict[str, Any], base_dir: Path) -> dict[str, Any]:
    if config["NAME"] != ":memory:":
        path = base_dir / config["NAME"]
        if not path.parent.is_dir() or path.is_dir():
            raise ValueError(path)
        config["NAME"] = str(path)
    config["OPTIONS"] = {
        "timeout": 20,  # seconds a writer waits for another
        # A transaction that reads first and then writes would fail at once instead of waiting.
        "transaction_mode": "IMMEDIATE",
        "init_command": SQLITE_AT_START,
    } | config.get("OPTIONS", {})
    return config


def _postgres(config: dict[str, Any]) -> dict[str, Any]:
    if not config["NAME"]:
        raise ValueError("no database is named")
    config["OPTIONS"] = {"connect_timeout": 10} | config.get("OPTIONS", {})
    # A search compiles for seconds what then runs for milliseconds.
    _set_in_postgres(config, "jit=off")
    return config


def limit_statements(databases: dict[str, dict[str, Any]]) -> None:
    """Let PostgreSQL end every statement that takes too long for a page.

    Called where a web server comes in, before any connection is made. Commands never pass there: a
    migration or a refresh may take its time.
    """
    for config in databases.values():
        if config["ENGINE"] == "django.db.backends.postgresql":
            _set_in_postgres(config, f"statement_timeout={LONGEST_STATEMENT}s")


def _set_in_postgres(config: dict[str, Any], setting: str) -> None:
    """Ours comes first: PostgreSQL obeys the last, and the operator may know better."""
    given = config["OPTIONS"].get("options", "")
    config["OPTIONS"]["options"] = f"-c {setting} {given}".strip()
