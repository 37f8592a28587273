"""Every environment variable: what is taken, and the sentence that a wrong value gets."""

import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from catalog.environment import ADVICE, Environment, WrongSetting, read_environment
from catalog.secret_key import kept_secret_key

STRONG_KEY = "0123456789" * 6


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Read the environment with nothing set but what the test names."""
    for name in ADVICE:
        monkeypatch.delenv(name, raising=False)

    def read_with(**given: str) -> Environment:
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        return read_environment(tmp_path)

    return read_with


def test_defaults_are_those_of_a_newcomers_machine(read, tmp_path):
    environment = read()

    assert environment.database["NAME"] == str(tmp_path / "var" / "catalogue.sqlite3")
    assert environment.replica is None
    assert environment.cache == {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    assert environment.registry_url == "https://clinicaltrials.gov/api/v2"
    assert environment.registry_interval == 1
    assert environment.refresh_schedule == ""
    assert environment.debug is False
    assert set(environment.allowed_hosts) == {"127.0.0.1", "localhost", "[::1]"}
    assert environment.csrf_trusted_origins == ["http://127.0.0.1:8000"]
    assert environment.public_url == "http://127.0.0.1:8000"
    assert environment.https is False
    assert (environment.web_concurrency, environment.host, environment.port) == (
        2,
        "127.0.0.1",
        8000,
    )
    assert (environment.time_zone, environment.log_level) == ("UTC", "INFO")


def test_an_empty_variable_counts_as_not_given(read):
    assert read(**dict.fromkeys(ADVICE, "")) == read()


@pytest.mark.parametrize(
    ("name", "value", "attribute", "expected"),
    [
        (
            "REGISTRY_URL",
            "http://127.0.0.1:9000/api/v2/",
            "registry_url",
            "http://127.0.0.1:9000/api/v2",
        ),
        ("REGISTRY_INTERVAL", "0.5", "registry_interval", 0.5),
        ("REGISTRY_INTERVAL", "0", "registry_interval", 0),
        ("REFRESH_SCHEDULE", "17 3 * * *", "refresh_schedule", "17 3 * * *"),
        ("REFRESH_SCHEDULE", '"*/30 1-5  * * MON-FRI"', "refresh_schedule", "*/30 1-5 * * MON-FRI"),
        ("SECRET_KEY", STRONG_KEY, "secret_key", STRONG_KEY),
        ("DEBUG", "1", "debug", True),
        ("DEBUG", "no", "debug", False),
        ("ALLOWED_HOSTS", "*", "allowed_hosts", ["127.0.0.1", "localhost", "[::1]", "*"]),
        (
            "ALLOWED_HOSTS",
            "trials.example.org, .example.com,[fe80::1]",
            "allowed_hosts",
            ["127.0.0.1", "localhost", "[::1]", "trials.example.org", ".example.com", "[fe80::1]"],
        ),
        (
            "CSRF_TRUSTED_ORIGINS",
            "https://a.example.org,http://b.example.org:8080",
            "csrf_trusted_origins",
            ["https://a.example.org", "http://b.example.org:8080"],
        ),
        ("PUBLIC_URL", "https://trials.example.org/", "public_url", "https://trials.example.org"),
        ("PUBLIC_URL", "https://trials.example.org", "https", True),
        ("WEB_CONCURRENCY", "4", "web_concurrency", 4),
        ("HOST", "0.0.0.0", "host", "0.0.0.0"),
        ("HOST", "[::1]", "host", "::1"),
        ("HOST", "my-machine.local", "host", "my-machine.local"),
        ("PORT", "65535", "port", 65535),
        ("TIME_ZONE", "Asia/Shanghai", "time_zone", "Asia/Shanghai"),
        ("LOG_LEVEL", "debug", "log_level", "DEBUG"),
        (
            "CACHE_URL",
            "dummy://",
            "cache",
            {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
        ),
    ],
)
def test_a_good_value_is_taken(read, name, value, attribute, expected):
    taken = getattr(read(**{name: value}), attribute)

    if name == "CACHE_URL":
        taken = {"BACKEND": taken["BACKEND"]}
    assert taken == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://127.0.0.1/catalogue"),
        ("DATABASE_URL", "catalogue.sqlite3"),
        ("DATABASE_URL", "sqlite:////no/such/folder/catalogue.sqlite3"),
        ("DATABASE_URL", "postgres://127.0.0.1:5432"),
        ("DATABASE_URL", "postgres://127.0.0.1:port/catalogue"),
        ("REPLICA_URL", "sqlite:///copy.sqlite3"),
        ("REPLICA_URL", "127.0.0.1"),
        ("CACHE_URL", "memory"),
        ("CACHE_URL", "elsewhere://127.0.0.1"),
        ("CACHE_URL", "redis://127.0.0.1:6379/1"),
        ("REGISTRY_URL", "clinicaltrials.gov/api/v2"),
        ("REGISTRY_URL", "ftp://clinicaltrials.gov"),
        ("REGISTRY_URL", "https://clinicaltrials.gov/api/v2?format=json"),
        ("REGISTRY_URL", "https://clinicaltrials.gov:99999/api/v2"),
        ("REGISTRY_INTERVAL", "-1"),
        ("REGISTRY_INTERVAL", "nan"),
        ("REGISTRY_INTERVAL", "inf"),
        ("REGISTRY_INTERVAL", "1 s"),
        ("REFRESH_SCHEDULE", "daily"),
        ("REFRESH_SCHEDULE", "86400"),
        ("REFRESH_SCHEDULE", "3:17"),
        ("REFRESH_SCHEDULE", "0 17 3 * * *"),
        ("REFRESH_SCHEDULE", "61 3 * * *"),
        ("REFRESH_SCHEDULE", "0 0 30 2 *"),
        ("DEBUG", "maybe"),
        ("ALLOWED_HOSTS", "https://trials.example.org"),
        ("ALLOWED_HOSTS", "trials.example.org:8000"),
        ("ALLOWED_HOSTS", "trials.example.org localhost"),
        ("CSRF_TRUSTED_ORIGINS", "trials.example.org"),
        ("CSRF_TRUSTED_ORIGINS", "https://trials.example.org/admin"),
        ("PUBLIC_URL", "trials.example.org"),
        ("PUBLIC_URL", "https://trials.example.org/catalogue"),
        ("WEB_CONCURRENCY", "0"),
        ("WEB_CONCURRENCY", "65"),
        ("WEB_CONCURRENCY", "2.5"),
        ("HOST", "http://127.0.0.1"),
        ("HOST", "127.0.0.1:8000"),
        ("HOST", "127.0.0.256"),
        ("PORT", "abc"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "8000/tcp"),
        ("TIME_ZONE", "Asia/Peking"),
        ("TIME_ZONE", "../etc/passwd"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_value_is_answered_with_what_to_write(read, name, value):
    what, example = ADVICE[name]

    with pytest.raises(WrongSetting) as refused:
        read(**{name: value})

    assert str(refused.value) == f"{name}={value}: {what}, such as {name}={example}"


def test_the_sentence_reads_well(read):
    with pytest.raises(WrongSetting) as refused:
        read(PORT="abc")

    assert str(refused.value) == (
        "PORT=abc: write a whole number from 1 to 65535, such as PORT=8000"
    )


@pytest.mark.parametrize(
    "name", sorted(set(ADVICE) - {"SECRET_KEY", "DATABASE_URL", "REPLICA_URL"})
)
def test_the_example_in_the_sentence_is_itself_a_good_value(read, name):
    assert read(**{name: ADVICE[name][1]})


@pytest.mark.parametrize("name", ["DATABASE_URL", "REPLICA_URL"])
def test_the_example_of_a_database_is_a_good_value(read, name):
    assert read(**{name: ADVICE[name][1]}).database["ENGINE"].startswith("django.db.backends.")


@pytest.mark.parametrize("key", ["short", "a" * 60])
def test_a_weak_key_is_refused_and_not_repeated(read, key):
    with pytest.raises(WrongSetting) as refused:
        read(SECRET_KEY=key)

    assert str(refused.value).startswith("SECRET_KEY=…: write at least 50 characters")


def test_a_wrong_database_address_does_not_repeat_its_password(read):
    with pytest.raises(WrongSetting) as refused:
        read(DATABASE_URL="mysql://user:pa-ss@127.0.0.1/catalogue")

    assert str(refused.value).startswith("DATABASE_URL=mysql://…: write a sqlite:///")


def test_sqlite_waits_for_a_writer_and_lets_readers_on(read, tmp_path):
    config = read(DATABASE_URL="sqlite:///mine.sqlite3").database

    assert config["NAME"] == str(tmp_path / "mine.sqlite3")
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert config["OPTIONS"]["timeout"] == 20
    assert config["OPTIONS"]["init_command"].startswith(
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
    )


def test_sqlite_can_live_in_memory(read):
    assert read(DATABASE_URL="sqlite://:memory:").database["NAME"] == ":memory:"


def test_postgresql_keeps_connections_and_checks_them(read):
    config = read(DATABASE_URL="postgres://cat:p%40ss@db:5433/trials?sslmode=require").database

    assert (config["ENGINE"], config["HOST"], config["PORT"], config["NAME"]) == (
        "django.db.backends.postgresql",
        "db",
        5433,
        "trials",
    )
    assert (config["USER"], config["PASSWORD"]) == ("cat", "p@ss")
    assert (config["CONN_MAX_AGE"], config["CONN_HEALTH_CHECKS"]) == (60, True)
    assert config["OPTIONS"] == {
        "connect_timeout": 10,
        "sslmode": "require",
        "options": "-c jit=off",
    }


def test_an_operators_own_settings_of_postgresql_have_the_last_word(read):
    config = read(DATABASE_URL="postgres://db/trials?options=-c%20jit%3Don").database

    assert config["OPTIONS"]["options"] == "-c jit=off -c jit=on"


def test_a_replica_is_the_same_database_in_tests(read):
    assert read(REPLICA_URL="postgres://replica/trials").replica["TEST"] == {"MIRROR": "default"}


def test_the_public_address_is_an_allowed_host_and_a_trusted_origin(read):
    environment = read(PUBLIC_URL="https://trials.example.org", HOST="192.168.1.20")

    assert environment.allowed_hosts[3:] == ["192.168.1.20", "trials.example.org"]
    assert environment.csrf_trusted_origins == ["https://trials.example.org"]


def test_listening_on_every_address_answers_to_this_machines_name(read, monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "laptop")

    environment = read(HOST="0.0.0.0", PORT="9000")

    assert environment.allowed_hosts[3:5] == ["laptop", "laptop.local"]
    assert environment.public_url == "http://127.0.0.1:9000"


def test_a_key_is_made_once_and_only_its_owner_can_read_it(read, tmp_path):
    first, second = read().secret_key, read().secret_key

    assert first == second
    assert len(first) >= 50
    file = tmp_path / "var" / "secret_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(file.parent) == ["secret_key"]  # noqa: PTH208  names are wanted


def test_processes_that_start_together_share_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(kept_secret_key, [tmp_path / "secret_key"] * 16))

    assert len(keys) == 1


def test_the_readme_names_every_variable_and_no_other():
    table = (settings.BASE_DIR / "README.md").read_text("utf-8").split("## Settings")[1]
    rows = [line for line in table.split("\n## ")[0].splitlines() if line.startswith("| `")]

    assert {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])} == set(
        ADVICE
    )


def test_the_composition_gives_no_variable_that_nobody_reads():
    text = (settings.BASE_DIR / "docker-compose.yml").read_text("utf-8")
    given = re.findall(r"^    ([A-Z_]+): ", text.split("\nservices:")[0], re.MULTILINE)

    assert "REFRESH_SCHEDULE" in given
    assert set(given) <= set(ADVICE)


def test_the_example_for_the_composition_names_what_it_reads():
    text = (settings.BASE_DIR / "docker-compose.yml").read_text("utf-8")
    example = (settings.BASE_DIR / ".env.example").read_text("utf-8")

    read = set(re.findall(r"\$\{([A-Z_]+)[:}?-]", text))
    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) == read
