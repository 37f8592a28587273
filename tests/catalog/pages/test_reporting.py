"""The form by which a visitor without a login reports an error: the only writing that is open."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.core.signing import dumps
from django.http import HttpRequest
from django.test import Client
from django.views.debug import SafeExceptionReporterFilter
from pytest_django import Settings

from catalog.pages import report_form
from tests.builders import make_curator, make_fact, make_trial
from trials.curation import close_report
from trials.models import Report, Trial
from trials.vocabulary import FactKind

pytestmark = pytest.mark.django_db
ADDRESS = "/trials/NCT00000001/report/"


@pytest.fixture(autouse=True)
def _no_visitor_before(settings: Settings) -> None:
    cache.clear()
    settings.REPORT_LEAST_SECONDS = 0


@pytest.fixture
def trial() -> Trial:
    return make_trial("NCT00000001", title="Cells", donors=("autologous",))


def filled(client: Client, address: str = ADDRESS, **changed: Any) -> dict[str, Any]:
    """The form as it was opened, filled in."""
    form = client.get(address).context["form"]
    opened = {"aspect": form["aspect"].value(), "stamp": form["stamp"].value(), "website": ""}
    return {**opened, "fault": "wrong", "words": "The cells are a donor’s.", "email": "", **changed}


def send(client: Client, address: str = ADDRESS, **changed: Any) -> Any:
    return client.post(address, filled(client, address, **changed))


def faults(response: Any) -> list[str]:
    """The faults that the page tells, and that nothing was stored."""
    assert response.status_code == 400
    assert Report.objects.count() == 0
    return [str(fault) for field in response.context["form"].errors.values() for fault in field]


def test_a_report_arrives_and_its_reference_is_told(client: Client, trial: Trial) -> None:
    response = client.post(
        f"{ADDRESS}?fact=donor_type",
        filled(client, f"{ADDRESS}?fact=donor_type", email="lan@example.org"),
        follow=True,
    )
    report = Report.objects.get()
    assert (report.trial, report.aspect, report.fault, report.words, report.email) == (
        trial,
        "donor_type",
        "wrong",
        "The cells are a donor’s.",
        "lan@example.org",
    )
    assert report.shown == "Autologous (the patient's own)"
    assert report.reference in response.content.decode()
    assert "lan@example.org" not in response.content.decode()


@pytest.mark.parametrize(
    "words", ["供者不对：应为同种异体。", "<script>alert(1)</script>", "𠮷 & <b>"]
)
def test_words_are_kept_as_they_were_written_and_never_become_markup(
    client: Client, trial: Trial, words: str
) -> None:
    refused = send(client, words=words, fault="").content.decode()
    assert words not in refused or "<" not in words
    send(client, words=words)
    assert Report.objects.get().words == words


def test_every_fact_and_the_whole_trial_can_be_reported_from_its_page(
    client: Client, trial: Trial
) -> None:
    make_fact(trial, FactKind.INDICATION, "not-stated")
    page = client.get("/trials/NCT00000001/").content.decode()
    found = set(re.findall(rf'href="{ADDRESS}(?:\?fact=(\w+))?"', page))
    assert found == {
        "",
        "status",
        "sites",
        "donor_type",
        "cell_source",
        "preparation",
        "dose",
        "administrations",
        "route",
        "indication",
    }


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"words": " \n "}, "Say in a few words what is wrong."),
        ({"words": "a" * 2001}, "at most 2000 characters"),
        ({"words": "a\0b"}, "Null characters are not allowed."),
        ({"words": "http://a https://b www.c"}, "Please name at most 2 links."),
        ({"words": "ask lan@example.org"}, "leave e-mail addresses out of the text"),
        ({"fault": "martian"}, "martian is not one of the available choices"),
        ({"fault": ""}, "Choose what is wrong."),
        ({"aspect": "martian"}, "martian is not one of the available choices"),
        ({"email": "lan@"}, "Enter a valid email address."),
        ({"email": f"{'a' * 250}@example.org"}, "at most 254 characters"),
        ({"website": "https://buy.example.org"}, "it is there to catch programs"),
        ({"stamp": ""}, "The form was open for too long."),
        ({"stamp": "forged"}, "The form was open for too long."),
        ({"stamp": dumps(["NCT00000001", 9e9])}, "The form was open for too long."),  # no salt
    ],
)
def test_what_is_no_report_is_refused_and_said(
    client: Client, trial: Trial, changed: dict[str, str], fault: str
) -> None:
    (told,) = faults(send(client, **changed))
    assert fault in told


def test_a_form_sent_at_once_can_be_sent_again_a_moment_later(
    client: Client, trial: Trial, settings: Settings
) -> None:
    settings.REPORT_LEAST_SECONDS = 60
    refused = send(client)
    assert faults(refused) == ["That was quick. Please look at it once more and send it again."]
    again = {
        name: refused.context["form"][name].value() for name in report_form.ReportForm.base_fields
    }
    settings.REPORT_LEAST_SECONDS = 0
    assert client.post(ADDRESS, again).status_code == 302


def test_who_sends_an_empty_form_at_once_is_told_of_what_is_missing_alone(
    client: Client, trial: Trial, settings: Settings
) -> None:
    settings.REPORT_LEAST_SECONDS = 60
    assert faults(send(client, fault="", words="")) == [
        "Choose what is wrong.",
        "Say in a few words what is wrong.",
    ]


def test_a_form_that_was_open_for_a_day_is_sent_with_a_second_click(
    client: Client, trial: Trial, settings: Settings
) -> None:
    settings.REPORT_MOST_SECONDS = -1
    refused = send(client)
    assert faults(refused) == ["The form was open for too long. Please send it again."]
    again = {
        name: refused.context["form"][name].value() for name in report_form.ReportForm.base_fields
    }
    settings.REPORT_MOST_SECONDS = 60
    assert client.post(ADDRESS, again).status_code == 302


def test_a_stamp_of_one_trial_is_none_of_another(client: Client, trial: Trial) -> None:
    make_trial("NCT00000002")
    other = filled(client, "/trials/NCT00000002/report/")["stamp"]
    assert faults(send(client, stamp=other)) == [
        "The form was open for too long. Please send it again."
    ]


def test_the_same_report_twice_is_one_report_with_one_reference(
    client: Client, trial: Trial
) -> None:
    first, second = send(client), send(client, words="THE CELLS are\r\n a  donor’s. ")
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == 1


def test_the_same_report_after_the_first_was_closed_is_a_new_one(
    client: Client, trial: Trial
) -> None:
    send(client)
    close_report(Report.objects.get(), outcome="right", by=make_curator(), note="It is so.")
    send(client)
    assert Report.objects.open().count() == 1


def test_one_address_sends_only_so_many_an_hour(
    client: Client, trial: Trial, settings: Settings
) -> None:
    settings.REPORTS_AN_HOUR_FROM_ONE_ADDRESS = 2
    answers = [send(client, words=f"Fault {n}") for n in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert answers[-1]["Retry-After"] == "3600"
    assert "Fault 2" in answers[-1].content.decode()  # nothing that was written is lost
    elsewhere = client.post(ADDRESS, filled(client), REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 302


def test_a_whole_ipv6_network_is_one_visitor(
    client: Client, trial: Trial, settings: Settings
) -> None:
    settings.REPORTS_AN_HOUR_FROM_ONE_ADDRESS = 1
    homes = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"]
    answers = [
        client.post(ADDRESS, filled(client, words=f"Fault {n}"), REMOTE_ADDR=home).status_code
        for n, home in enumerate(homes)
    ]
    assert answers == [302, 429, 302]


@pytest.mark.parametrize(("behind", "answers"), [(True, [302, 302, 429]), (False, [302, 429, 429])])
def test_a_forwarded_address_is_believed_only_of_a_proxy_and_only_its_own_entry(
    client: Client, trial: Trial, settings: Settings, behind: bool, answers: list[int]
) -> None:
    settings.REPORTS_AN_HOUR_FROM_ONE_ADDRESS = 1
    settings.BEHIND_PROXY = behind
    told = ["192.0.2.1", "192.0.2.2", "203.0.113.9, 192.0.2.1"]
    assert [
        client.post(
            ADDRESS, filled(client, words=f"Fault {n}"), HTTP_X_FORWARDED_FOR=forwarded
        ).status_code
        for n, forwarded in enumerate(told)
    ] == answers


def test_no_address_is_kept_anywhere(client: Client, trial: Trial) -> None:
    client.post(ADDRESS, filled(client), REMOTE_ADDR="192.0.2.77")
    kept = f"{list(Report.objects.values())} {list(cache._cache.items())}"  # type: ignore[attr-defined]
    assert "192.0.2.77" not in kept
    assert "limit:report:" in kept


def test_all_visitors_together_send_only_so_many_an_hour(
    client: Client, trial: Trial, settings: Settings
) -> None:
    settings.REPORTS_AN_HOUR = 1
    answers = [
        client.post(ADDRESS, filled(client, words=f"Fault {n}"), REMOTE_ADDR=f"192.0.2.{n}")
        for n in range(2)
    ]
    assert [answer.status_code for answer in answers] == [302, 429]


def test_a_form_of_another_site_is_refused_in_words(trial: Trial) -> None:
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post(ADDRESS, filled(strict))
    assert (refused.status_code, Report.objects.count()) == (403, 0)
    assert "The form was not sent" in refused.content.decode()
    sent = filled(strict) | {"csrfmiddlewaretoken": strict.cookies["csrftoken"].value}
    assert strict.post(ADDRESS, sent).status_code == 302


@pytest.mark.parametrize("fact", ["martian", "dose%00", "剂量"])
def test_a_fact_that_nobody_knows_is_said(client: Client, trial: Trial, fact: str) -> None:
    response = client.get(f"{ADDRESS}?fact={fact}")
    assert response.status_code == 400
    assert client.post(f"{ADDRESS}?fact={fact}", filled(client)).status_code == 400
    assert Report.objects.count() == 0


def test_an_old_number_leads_to_the_form_and_sends(client: Client) -> None:
    make_trial("NCT00000001", aliases=("NCT00000009",))
    old = "/trials/NCT00000009/report/"
    assert client.get(old)["Location"] == ADDRESS
    assert client.post(old, filled(client)).status_code == 302


def test_a_trial_that_the_catalogue_does_not_show_cannot_be_reported(client: Client) -> None:
    make_trial("NCT00000001", screening="excluded")
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, {"fault": "wrong", "words": "x"}).status_code == 404


def test_thanks_are_said_only_for_a_report_that_was_sent(client: Client, trial: Trial) -> None:
    assert client.get(f"{ADDRESS}R-22222222:forged/").status_code == 404


def test_the_form_speaks_chinese(client: Client, trial: Trial) -> None:
    page = client.get(ADDRESS, {"lang": "zh-hans", "fact": "donor_type"}).content.decode()
    assert "报告错误" in page
    assert "Report an error" not in page


def test_nothing_of_a_report_is_on_any_public_page_or_in_the_api(
    client: Client, trial: Trial
) -> None:
    send(client, words="Wrong as can be", email="lan@example.org")
    for address in (
        "/trials/NCT00000001/",
        "/api/v1/trials/NCT00000001/",
        "/api/v1/trials.csv",
        "/changes/",
    ):
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert b"lan@example.org" not in body, address
        assert b"Wrong as can be" not in body, address


def test_an_accident_tells_no_log_what_the_reader_wrote(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, Any]] = []

    def broken(request: HttpRequest, *args: Any, **kwargs: Any) -> bool:
        told.append(SafeExceptionReporterFilter().get_post_parameters(request))
        raise RuntimeError("broken")

    monkeypatch.setattr("catalog.pages.reporting.within_limit", broken)
    client = Client(raise_request_exception=False)
    assert client.post(ADDRESS, filled(client, email="lan@example.org")).status_code == 500
    assert (told[0]["fault"], told[0]["email"], told[0]["words"]) == ("wrong", "*" * 20, "*" * 20)
