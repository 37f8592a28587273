"""How fast a curator's pages open in one process: `python -m bench.curating_pages`.

With DATABASE_URL, without a network. Fills the queue first, to a hundred thousand items for half a
million trials, of which a person has left the first few thousand. Prints seconds by page, as JSON.
"""

from __future__ import annotations

import json
import os
import time
from statistics import median
from typing import Any

UNSURE = 5  # every so-manieth trial
NEAR_THE_LINE = 50  # trials to a study near the line
LEFT = 100  # trials to an item that was left, of each kind
REPEATED = 7
PAGES = {
    "queue": "/admin/queue/",
    "queue of no source": "/admin/queue/?kind=no-source",
    "queue near the line": "/admin/queue/?kind=screening",
    "list of trials": "/admin/trials/trial/",
    "list of trials, filtered": "/admin/trials/trial/?cell_source=adipose&donor_type=allogeneic",
    "list of trials, page 20": "/admin/trials/trial/?p=20",
}


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "catalog.settings"
    import django  # noqa: PLC0415 - the benchmark itself stays small
    from django.conf import settings  # noqa: PLC0415 - the same

    # Names of static files as they are: no collected ones are needed.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    django.setup()
    from django.contrib.auth.models import User  # noqa: PLC0415 - after the settings
    from django.test import Client  # noqa: PLC0415 - the same

    person = User.objects.create_superuser("bench")
    _fill(person)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(person)
    print(json.dumps({name: _seconds(client, page) for name, page in PAGES.items()}))


def _seconds(client: Any, page: str) -> float:
    taken = []
    for _ in range(REPEATED):
        began = time.perf_counter()
        answer = client.get(page)
        taken.append(time.perf_counter() - began)
        assert answer.status_code == 200, f"{page}: {answer.status_code}"
    return median(taken)


def _fill(person: Any) -> None:
    from django.db import connection  # noqa: PLC0415 - after the settings
    from django.utils import timezone  # noqa: PLC0415 - the same

    from trials.models import Doubt, Left, StoredRecord, Trial  # noqa: PLC0415 - the same

    now, count = timezone.now(), Trial.objects.count()
    trials = Trial.objects.filter(screening="included").order_by("pk")
    keys = list(trials.values_list("pk", flat=True)[::UNSURE])
    Doubt.objects.bulk_create(
        (
            Doubt(
                kind="unsure",
                trial_id=key,
                aspect="donor_type",
                key=f"{key}:donor_type",
                said="as read",
                weight=key % 60 / 100,
                since=now,
            )
            for key in keys
        ),
        batch_size=5_000,
        ignore_conflicts=True,
    )
    StoredRecord.objects.bulk_create(
        (
            StoredRecord(
                registry_id=f"NCT8{n:07d}",
                title=f"A study near the line, {n}",
                body=b"",
                content_hash=f"{n:064d}",
                first_seen_at=now,
                changed_at=now,
                screening="review",
                screening_rule="unsure",
                screening_reason="“MSC” (conditions[0]) for “knee” (conditions[1])",
            )
            for n in range(count // NEAR_THE_LINE)
        ),
        batch_size=5_000,
    )
    for kind in ("unsure", "no-source"):
        worst = Doubt.objects.filter(kind=kind).order_by("weight", "pk")[: count // LEFT]
        Left.objects.bulk_create(
            Left(kind=kind, key=row.key, said=row.said, by=person, at=now) for row in worst
        )
    records = StoredRecord.objects.order_by("registry_id").only("registry_id", "content_hash")
    Left.objects.bulk_create(
        Left(kind="screening", key=row.registry_id, said=row.content_hash, by=person, at=now)
        for row in records[: count // LEFT]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
