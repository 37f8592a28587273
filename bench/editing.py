"""One edit in a process of its own: `python -m bench.editing NUMBER`, with DATABASE_URL.

Gives the trial a status that no made-up one has, and prints when that was done, in seconds of
`time.time`.
"""

from __future__ import annotations

import os
import sys
import time

STATUS = "WITHHELD"


def main(number: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "catalog.settings"
    import django  # noqa: PLC0415 - the benchmark itself stays small

    django.setup()
    from trials.models import Trial  # noqa: PLC0415 - after the settings

    assert Trial.objects.filter(number=number).update(status=STATUS) == 1
    print(time.time())


if __name__ == "__main__":
    main(sys.argv[1])
