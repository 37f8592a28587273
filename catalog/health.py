"""Tells a load balancer whether the process is up (`/healthz`) and can answer (`/readyz`)."""

from django.db import Error, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from catalog.methods import only_read
from trials.search import current


@never_cache
@only_read
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up. Touches no database: a restart would not mend that."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@only_read
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether the databases answer and trials can be found in the index; else 503.

    `{"ready": true, "checks": {"database": "ok", "index": "ok"}}`
    """
    checks = {_name(alias): _answer(alias) for alias in connections}
    if checks["database"] == "ok":
        checks["index"] = _load_index()
    ready = all(answer == "ok" for answer in checks.values())
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


def _load_index() -> str:
    try:
        current()
    except Error as error:
        return f"cannot be loaded ({type(error).__name__})"
    return "ok"


def _name(alias: str) -> str:
    return "database" if alias == "default" else alias


def _answer(alias: str) -> str:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        # The kind alone: the message can hold the server's address and user.
        return f"does not answer ({type(error).__name__})"
    return "ok"
