"""The language of a page: the address first, then the cookie, then the browser's own."""

import pytest

COOKIE = "django_language"


@pytest.mark.parametrize(
    ("asked", "given"),
    [("zh-hans", "zh-hans"), ("zh-Hans", "zh-hans"), ("zh-cn", "zh-hans"), ("en-gb", "en")],
)
def test_the_address_chooses_and_a_cookie_keeps_it(client, asked, given):
    chosen = client.get("/healthz", {"lang": asked})

    assert chosen.headers["Content-Language"] == given
    assert client.cookies[COOKIE].value == given
    assert client.get("/healthz").headers["Content-Language"] == given


def test_the_address_beats_the_cookie(client):
    client.cookies[COOKIE] = "zh-hans"

    assert client.get("/healthz", {"lang": "en"}).headers["Content-Language"] == "en"


def test_the_browsers_language_is_honoured(client):
    response = client.get("/healthz", headers={"accept-language": "zh-CN,zh;q=0.9"})

    assert response.headers["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("asked", ["", "xx", "fr", "../../etc", "z" * 600])
def test_a_language_that_the_site_has_not_changes_nothing(client, asked):
    response = client.get("/healthz", {"lang": asked})

    assert response.headers["Content-Language"] == "en"
    assert COOKIE not in response.cookies


def test_a_shared_cache_keeps_languages_apart(client):
    assert client.get("/healthz").headers["Vary"] == "Accept-Language, Cookie"
