"""Reads every environment variable of the project, and says what to write where one is wrong."""

import ipaddress
import math
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from environs import Env, EnvError

from catalog.databases import database
from catalog.secret_key import kept_secret_key

T = TypeVar("T")
D = TypeVar("D")

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104  names the wildcard, binds nothing
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.?")
ALLOWED_HOST = re.compile(r"\*|\[[0-9A-Fa-f:.]+\]|\.?(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
SECRETS = ("SECRET_KEY",)

_postgres = "postgres://user:password@127.0.0.1:5432/catalogue"
# What to write, and an example. The keys are all the variables that the project reads.
ADVICE: Mapping[str, tuple[str, str]] = {
    "DATABASE_URL": ("write a sqlite:/// or postgres:// address", _postgres),
    "REPLICA_URL": ("write the postgres:// address of a read replica", _postgres),
    "CACHE_URL": (
        "write locmem://, dummy://, file:///folder or db://table"
        " (redis:// needs the package redis installed)",
        "locmem://",
    ),
    "API_RATE_LIMIT": (
        "write the requests that one address may make of the API in a minute, 0 for any number",
        "6000",
    ),
    "REGISTRY_URL": (
        "write the http or https address of the registry's API, without a query",
        "https://clinicaltrials.gov/api/v2",
    ),
    "REGISTRY_INTERVAL": ("write seconds from 0 to 3600", "1"),
    "REFRESH_SCHEDULE": (
        "write the five fields of cron (minute, hour, day, month, weekday), or leave it out and"
        " nothing is refreshed by itself",
        '"17 3 * * *"',
    ),
    "SECRET_KEY": (
        "write at least 50 characters that nobody can guess, or leave it out and one is made",
        "$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')",
    ),
    "DEBUG": ("write 1 or 0", "0"),
    "ALLOWED_HOSTS": (
        "write host names with commas between them, without http:// and without a port",
        "trials.example.org,192.168.1.20",
    ),
    "CSRF_TRUSTED_ORIGINS": (
        "write origins with commas between them, each with http:// or https:// and no path",
        "https://trials.example.org",
    ),
    "PUBLIC_URL": (
        "write the address that visitors type, with http:// or https:// and no path",
        "https://trials.example.org",
    ),
    "WEB_CONCURRENCY": ("write a whole number of worker processes from 1 to 64", "2"),
    "HOST": ("write the address to listen on, without http:// and without a port", "127.0.0.1"),
    "PORT": ("write a whole number from 1 to 65535", "8000"),
    "TIME_ZONE": ("write a name from the IANA time zone list", "Asia/Shanghai"),
    "LOG_LEVEL": (f"write one of {', '.join(LOG_LEVELS)}", "INFO"),
}


class WrongSetting(Exception):
    """A variable has a value that cannot be used; the message says what to write."""

    def __init__(self, name: str, value: str) -> None:
        what, example = ADVICE[name]
        super().__init__(f"{name}={_shown(name, value)}: {what}, such as {name}={example}")


@dataclass(frozen=True)
class Environment:
    """All settings that come from outside, checked."""

    database: dict[str, Any]
    replica: dict[str, Any] | None
    cache: dict[str, Any]
    api_rate_limit: int  # requests a minute; 0: any number
    registry_url: str
    registry_interval: float  # seconds
    refresh_schedule: str  # five fields of cron; empty: never by itself
    secret_key: str
    debug: bool
    allowed_hosts: list[str]
    csrf_trusted_origins: list[str]
    public_url: str  # without a slash at the end
    web_concurrency: int
    host: str
    port: int
    time_zone: str
    log_level: str

    @property
    def https(self) -> bool:
        """Whether visitors come by https, which a proxy in front of this process then speaks."""
        return self.public_url.startswith("https://")


def read_environment(base_dir: Path) -> Environment:
    """Read os.environ; an empty variable counts as not given. Raises WrongSetting.

    `base_dir` holds `var/`, where the SQLite file and the generated key are kept.
    """
    env, var = Env(), base_dir / "var"
    debug = _read("DEBUG", env.bool, False)
    host = _read("HOST", lambda name: _host(env.str(name)), "127.0.0.1")
    port = _read("PORT", lambda name: _within(env.int(name), 1, 65535), 8000)
    public_url = _read("PUBLIC_URL", lambda name: _origin(env.str(name)), local_url(host, port))
    hosts = _read("ALLOWED_HOSTS", lambda name: [_allowed(each) for each in _list(env, name)], None)
    interval = _read("REGISTRY_INTERVAL", lambda name: _within(env.float(name), 0, 3600), 1.0)
    return Environment(
        database=_read("DATABASE_URL", lambda name: database(env.str(name), base_dir, debug), {})
        or database(f"sqlite:///{_made(var)}/catalogue.sqlite3", base_dir, debug),
        replica=_read("REPLICA_URL", lambda name: _replica(env.str(name), base_dir, debug), None),
        cache=_read("CACHE_URL", lambda name: _cache(env.dj_cache_url(name)), {})
        or {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        api_rate_limit=_read(
            "API_RATE_LIMIT", lambda name: _within(env.int(name), 0, 1_000_000), 6000
        ),
        registry_url=_read(
            "REGISTRY_URL", lambda name: _web_address(env.str(name)), ADVICE["REGISTRY_URL"][1]
        ),
        registry_interval=interval,
        refresh_schedule=_read("REFRESH_SCHEDULE", lambda name: _cron(env.str(name)), ""),
        secret_key=_read("SECRET_KEY", lambda name: _secret(env.str(name)), "")
        or kept_secret_key(_made(var) / "secret_key"),
        debug=debug,
        allowed_hosts=[*LOOPBACK, *(_default_hosts(host, public_url) if hosts is None else hosts)],
        csrf_trusted_origins=_read(
            "CSRF_TRUSTED_ORIGINS",
            lambda name: [_origin(each) for each in _list(env, name)],
            [public_url],
        ),
        public_url=public_url,
        web_concurrency=_read("WEB_CONCURRENCY", lambda name: _within(env.int(name), 1, 64), 2),
        host=host,
        port=port,
        time_zone=_read("TIME_ZONE", lambda name: ZoneInfo(env.str(name)).key, "UTC"),
        log_level=_read("LOG_LEVEL", lambda name: _log_level(env.str(name)), "INFO"),
    )


def local_url(host: str, port: int) -> str:
    """The address to open on this machine: a wildcard is reached by the loopback."""
    if host in EVERY_ADDRESS:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _read(name: str, parse: Callable[[str], T], default: D) -> T | D:
    given = Env().str(name, "").strip()
    if not given:
        return default
    try:
        return parse(name)
    # OSError: ZoneInfo opens a file of that name; ImportError: a cache without its package.
    except (EnvError, ValueError, OSError, LookupError, ImportError) as error:
        raise WrongSetting(name, given) from error


def _shown(name: str, value: str) -> str:
    """The value as a person may see it: no key and no password in a log."""
    if name in SECRETS:
        return "…"
    if "@" in value:
        return f"{value.split('://', maxsplit=1)[0]}://…" if "://" in value else "…"
    return value


def _list(env: Env, name: str) -> list[str]:
    items: list[str] = env.list(name)
    return items


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _within(number: Any, least: int, most: int) -> Any:
    if not (math.isfinite(number) and least <= number <= most):
        raise ValueError(number)
    return number


def _host(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip("[] ")))
    except ValueError:
        # A number that is no address (127.0.0.256) would be looked up as a name, in vain.
        if not HOST_NAME.fullmatch(text.strip()) or text.strip().replace(".", "").isdigit():
            raise
        return text.strip()


def _allowed(text: str) -> str:
    if not ALLOWED_HOST.fullmatch(text.strip()):
        raise ValueError(text)
    return text.strip()


def _default_hosts(host: str, public_url: str) -> list[str]:
    """This machine's own name where it listens on every address; else the address itself."""
    name = socket.gethostname()
    listening = [name, f"{name}.local"] if host in EVERY_ADDRESS else [host]
    named = urlsplit(public_url).hostname or ""
    return [f"[{each}]" if ":" in each else each for each in (*listening, named) if each]


def _web_address(text: str) -> str:
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(text)
    _within(parts.port or 80, 1, 65535)
    return text.strip().rstrip("/")


def _cron(text: str) -> str:
    fields = text.strip("\"'").split()  # not every reader of .env takes the quotes off
    if len(fields) != 5:
        raise ValueError(text)
    try:
        # A day that never comes (30 February) is found out by looking for it.
        next(CronSim(" ".join(fields), datetime(2026, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration) as error:
        raise ValueError(text) from error
    return " ".join(fields)


def _origin(text: str) -> str:
    address = _web_address(text)
    if urlsplit(address).path or "@" in address:
        raise ValueError(text)
    return address


def _replica(text: str, base_dir: Path, debug: bool) -> dict[str, Any]:
    if text.strip().startswith("sqlite"):
        raise ValueError(text)
    # A test run has one database: the replica is then the same one.
    return database(text, base_dir, debug) | {"TEST": {"MIRROR": "default"}}


def _cache(config: dict[str, Any]) -> dict[str, Any]:
    # Importing tells now what the first visitor would otherwise be told: a client is missing.
    if "redis" in config["BACKEND"].lower():
        __import__("redis")
    elif "memcached" in config["BACKEND"].lower():
        __import__("pymemcache")
    return config


def _secret(text: str) -> str:
    if len(text) < 50 or len(set(text)) < 5:
        raise ValueError
    return text


def _log_level(text: str) -> str:
    level = text.strip().upper()
    if level not in LOG_LEVELS:
        raise ValueError(text)
    return level
