"""Many trials are decided in the admin at once, by a selection and by a spreadsheet."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.builders import make_curator, make_source, make_trial
from trials.curation import confirm_donor
from trials.models import Decision, Trial

pytestmark = pytest.mark.django_db
LIST, SHEET = "admin:trials_trial_changelist", "admin:trials_trial_sheet"
TOGETHER = "admin:trials_trial_together"


def two() -> list[int]:
    make_source("placenta")
    numbers = ("NCT00000001", "NCT00000002")
    return [make_trial(number, donors=("autologous",)).pk for number in numbers]


def hidden(response: Any) -> dict[str, Any]:
    """What the page's hidden fields would send."""
    text = response.content.decode()
    pairs = re.findall(r'<input type="hidden" name="(seen)" value="([^"]*)">', text)
    area = re.search(r"<textarea name=\"text\" hidden>\n(.*?)</textarea>", text, re.DOTALL)
    return dict(pairs) | ({"text": html.unescape(area[1])} if area else {})


def donors() -> list[str]:
    facts = Trial.objects.order_by("number").filter(facts__shown=True, facts__kind="donor_type")
    return list(facts.values_list("facts__value", flat=True))


def test_one_decision_for_the_selected_with_preview_and_one_undoing(as_curator: Client) -> None:
    keys = two()
    asked = {"action": "decide_together", "_selected_action": keys}
    page = as_curator.post(reverse(LIST), asked)
    assert "2 trials are selected." in page.content.decode()
    sent = {"selected": keys, "choice": "donor_type:allogeneic"}
    preview = as_curator.post(reverse(TOGETHER), sent)
    assert "2 rows would be written" in preview.content.decode()
    assert not Decision.objects.exists()
    sent |= {**hidden(preview), "write": "1"}
    assert "Write a note" in as_curator.post(reverse(TOGETHER), sent).content.decode()
    told = as_curator.post(reverse(TOGETHER), sent | {"note": "One programme."}, follow=True)
    assert donors() == ["allogeneic", "allogeneic"]
    batch = Decision.objects.values_list("batch", flat=True).distinct().get()
    undo = reverse("admin:trials_trial_undo_batch", args=[batch])
    assert f'2 decisions were made. <a href="{undo}">Undo</a>' in told.content.decode()
    as_curator.post(undo, {"note": "Two programmes."})
    assert donors() == ["autologous", "autologous"]
    assert as_curator.get(undo).status_code == 404


def test_what_is_written_is_what_was_previewed(as_curator: Client) -> None:
    keys = two()
    sent = {"selected": keys, "choice": "donor_type:allogeneic"}
    seen = hidden(as_curator.post(reverse(TOGETHER), sent))
    write = {**sent, **seen, "write": "1", "note": "Read."}
    other = as_curator.post(reverse(TOGETHER), write | {"choice": "donor_type:xenogeneic"})
    assert "not what you saw" in other.content.decode()
    confirm_donor(Trial.objects.get(pk=keys[0]), donors=["xenogeneic"], by=make_curator(), note="x")
    assert "not what you saw" in as_curator.post(reverse(TOGETHER), write).content.decode()
    assert Decision.objects.count() == 1


def sheet(client: Client, keys: list[int]) -> str:
    asked = {"action": "take_as_sheet", "_selected_action": keys}
    response: Any = client.post(reverse(LIST), asked)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return b"".join(response.streaming_content).decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_a_sheet_comes_back_with_one_bad_row(as_curator: Client, encoding: str) -> None:
    text = sheet(as_curator, two()).removeprefix("\ufeff")
    one, other = "NCT00000001,Trial NCT00000001,,,auto", "NCT00000002,Trial NCT00000002,,,auto"
    edited = text.replace(one, one[:-4] + "allo", 1).replace("allologous", "allogeneic")
    edited = edited.replace(other, other.replace("auto", "自体")).replace("自体logous", "自体")
    file = SimpleUploadedFile("trials.csv", edited.encode(encoding))
    preview = as_curator.post(reverse(SHEET), {"file": file})
    words = preview.content.decode()
    assert "1 row would be written" in words
    assert "<td>donor_type</td><td>“自体” is not known." in words
    assert donors() == ["autologous", "autologous"]
    sent = {**hidden(preview), "write": "1", "note": "Read."}
    told = as_curator.post(reverse(SHEET), sent, follow=True).content.decode()
    assert "1 decision was made. 1 row was left as it is." in told
    assert donors() == ["allogeneic", "autologous"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"number;version;dose\n", "The column “dose” is not known"),
        (b"\xff\xff\x00", "The file is no text"),
        (b"", "The submitted file is empty"),
        (b"a" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_in_words(
    as_curator: Client, content: bytes, words: str
) -> None:
    file = SimpleUploadedFile("trials.csv", content)
    assert words in as_curator.post(reverse(SHEET), {"file": file}).content.decode()


def test_who_may_not_decide_gets_none_of_it(as_staff: Client, client: Client) -> None:
    keys = two()
    for page in (SHEET, TOGETHER):
        assert as_staff.post(reverse(page), {"selected": keys}).status_code == 403
        assert client.post(reverse(page), {"selected": keys}).status_code == 302
    asked = {"action": "take_as_sheet", "_selected_action": keys}
    assert as_staff.post(reverse(LIST), asked).status_code == 403
