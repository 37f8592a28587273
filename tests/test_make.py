"""The Makefile lists what it can do, and refuses an unfit Python with what to do."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

MAKEFILE = settings.BASE_DIR / "Makefile"
pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="no make on this machine")


def make(*arguments: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run make in `folder` as if it were a fresh clone and nobody's child (make tells its own)."""
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "--file", str(MAKEFILE), *arguments],
        cwd=folder,
        env=alone | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def targets() -> set[str]:
    line = next(line for line in MAKEFILE.read_text().splitlines() if line.startswith(".PHONY:"))
    return set(line.split()[1:])


def test_make_alone_lists_every_command(tmp_path):
    listed = make(folder=tmp_path).stdout.splitlines()

    assert {line.split()[1] for line in listed} == targets() - {"help"}


def test_an_unfit_python_is_refused_before_anything_is_made(tmp_path):
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\nif [ "$1" = -V ]; then echo Python 3.9.2; else exit 1; fi\n')
    python.chmod(0o755)

    done = make(".venv/made", folder=tmp_path, PYTHON=str(python))

    assert done.stderr.splitlines()[:2] == [
        "Python 3.11 or newer is needed; here is Python 3.9.2.",
        "Install it, or name it: make serve PYTHON=/path/to/python3.13",
    ]
    assert done.returncode == 2
    assert not (tmp_path / ".venv").exists()
