"""The door to `trials.checking`: one line a fault, exit code 1 where there is one."""

from __future__ import annotations

import sys
from typing import Any

from trials.checking import CHECKS, Fault, check_catalogue
from trials.management.base import CatalogueCommand


class Command(CatalogueCommand):
    help = "Checks that the data of the catalogue agree with each other; one line a fault."
    example = "manage.py check_catalogue\n  manage.py check_catalogue --json"

    def handle(self, *args: Any, **options: Any) -> None:
        faults: list[Fault] = []
        for fault in check_catalogue():
            faults.append(fault)
            if not options["json"]:
                self.stdout.write(str(fault))
        if options["json"]:
            self.print_json({"checks": list(CHECKS), "faults": [f.as_json() for f in faults]})
        self.say(f"checks: {len(CHECKS)}; faults: {len(faults)}")
        if faults:
            sys.exit(1)
