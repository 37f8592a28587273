"""What a page cannot do is refused as such: 405 and what it can do."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.builders import make_trial
from trials.models import Report

pytestmark = pytest.mark.django_db

PAGES = (
    "/",
    "/trials/",
    "/compare/",
    "/landscape/",
    "/landscape.csv",
    "/trials.csv",
    "/trials.atom",
    "/sitemap.xml",
    "/healthz",
    "/favicon.ico",
)
REPORT = "/trials/NCT01000000/report/"


@pytest.fixture
def stranger() -> Client:
    """Somebody who was given no token."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_that_only_reads_says_so(stranger: Client, address: str, method: str) -> None:
    response = stranger.generic(method, address)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_form_is_sent_in_one_way(stranger: Client, method: str) -> None:
    make_trial("NCT01000000")
    response = stranger.generic(method, REPORT)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST")


def test_a_form_is_sent_by_whoever_was_given_it(stranger: Client) -> None:
    make_trial("NCT01000000")
    assert stranger.post(REPORT, {"words": "The dose is wrong."}).status_code == 403
    assert not Report.objects.exists()
    stranger.get(REPORT)
    token = stranger.cookies["csrftoken"].value
    sent = {"words": "The dose is wrong.", "csrfmiddlewaretoken": token}
    assert stranger.post(REPORT, sent).status_code != 403


def test_every_public_address_looks_at_the_method_first() -> None:
    public = [view for view in _views(get_resolver()) if "admin" not in view.__module__]
    assert len(public) > 40
    assert [view for view in public if not getattr(view, "csrf_exempt", False)] == []


def _views(resolver: URLResolver) -> list:
    views = []
    for part in resolver.url_patterns:
        if isinstance(part, URLPattern):
            views.append(part.callback)
        elif part.namespace != "admin":
            views.extend(_views(part))
    return views
