"""What a browser sends from a trial's page in the admin."""

from __future__ import annotations

import html
import re
from typing import Any

from django.test import Client
from django.urls import reverse

from trials.admin.deciding import FIELDS
from trials.models import Trial


def address(trial: Trial) -> str:
    return reverse("admin:trials_trial_change", args=[trial.pk])


def page_as_sent(client: Client, trial: Trial) -> dict[str, Any]:
    """Open the page; the form's values as they would come back with nothing touched."""
    form = client.get(address(trial)).context["adminform"].form
    values = {name: form[name].value() or [] for name in FIELDS}
    return {**values, "decision_note": "", "seen": form["seen"].value()}


def errors_of(response: Any) -> str:
    """The words of all errors on the page."""
    text = response.content.decode()
    lists = re.findall(r'<ul class="errorlist[^>]*>(.*?)</ul>', text, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", item)).strip() for item in lists)
