"""The figures above the list of tables on the admin's first page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from trials.admin.dashboard import shown_to

register = template.Library()


@register.inclusion_tag("admin/trials/_dashboard.html", takes_context=True)
def dashboard(context: Context) -> dict[str, Any]:
    return {"panels": shown_to(context["request"].user)}
