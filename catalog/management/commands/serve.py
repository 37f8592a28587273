"""Prepares the installation, then serves it by gunicorn, as in production, a worker beside it."""

import errno
import os
import socket
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from catalog.keeping import command_for


class Command(BaseCommand):
    help = (
        "Migrations, seed data, static files, then the site at HOST:PORT and a worker for what"
        " is asked for in the admin."
        " Example: PORT=8001 manage.py serve"
    )
    requires_system_checks = []  # `migrate` runs them a moment later

    def handle(self, *args: Any, **options: Any) -> None:
        # Asked before the work, so that the answer comes at once; gunicorn would try for 5 seconds.
        refuse_unusable_address(settings.ENVIRONMENT.host, settings.ENVIRONMENT.port)
        call_command("prepare", stderr=self.stderr)
        sys.stdout.flush()
        sys.stderr.flush()
        os.chdir(settings.BASE_DIR)
        # It knows the server by the number of this process, which is gunicorn's in a moment.
        subprocess.Popen(command_for(os.getpid()), stdin=subprocess.DEVNULL)  # noqa: S603
        # A fresh process in place of this one: it holds no connection that a fork would share.
        os.execv(  # noqa: S606  every word of the command is ours
            sys.executable,
            [sys.executable, "-m", "gunicorn", "-c", "catalog/gunicorn.py", "catalog.wsgi"],
        )


def refuse_unusable_address(host: str, port: int) -> None:
    """Raises CommandError, with what to do, where nobody can listen at `host`:`port`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise CommandError(_what_to_do(error, host, port)) from error


def _what_to_do(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8001
        return f"Port {port} is taken by another program. Try: make serve PORT={other}"
    if error.errno == errno.EACCES:
        return f"Port {port} is for the system's own programs. Try: make serve PORT=8000"
    return f"This machine has no address {host} ({error.strerror}). Try: make serve HOST=127.0.0.1"
