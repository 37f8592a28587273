"""Renders the registry's own texts, which are Markdown, without ever letting their HTML through."""

import re
from collections.abc import Sequence
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

register = template.Library()

# Characters. The registry takes 32,000 at most; whatever is longer was not written for readers,
# and Markdown made to be slow takes a second for each 40,000.
LONGEST_MARKDOWN = 40_000
LONGEST_SHOWN = 300_000
_WEB_ADDRESS = re.compile(r"https?://[^/\\]", re.IGNORECASE)
# Lines of "===" and four spaces are typing habits of sponsors, not headings and program code;
# a picture would be a file from another host.
_NOT_MEANT = ("heading", "lheading", "code", "fence", "image", "hr", "reference")


class _OutwardLinks(RendererHTML):
    def link_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        tokens[index].attrSet("rel", "nofollow noopener")
        return self.renderToken(tokens, index, options, env)


class _RegistryMarkdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's name
        """Only whole web addresses: "//host" or "/path" would borrow this site's own."""
        return bool(_WEB_ADDRESS.match(url))


# html off: a tag in the text is shown as text.
_markdown = _RegistryMarkdown(
    "commonmark", {"html": False, "breaks": True}, renderer_cls=_OutwardLinks
).disable(list(_NOT_MEANT))


@register.filter
def registry_text(text: Any, record: str = "") -> SafeString:
    """Paragraphs, lists and emphasis of a registry text, as HTML.

    A very long text gets paragraphs alone, and the longest are cut; `record` is the address where
    the whole text stands.
    """
    text = str(text or "")
    if len(text) <= LONGEST_MARKDOWN:
        return mark_safe(_markdown.render(text))  # noqa: S308 - escaped by markdown-it
    shown = linebreaks(text[:LONGEST_SHOWN], autoescape=True)
    if len(text) > LONGEST_SHOWN:
        shown += _cut(len(text), record)
    return mark_safe(shown)  # noqa: S308 - escaped by linebreaks


def _cut(length: int, record: str) -> SafeString:
    words = _("The first %(shown)s of %(all)s characters are shown.") % {
        "shown": intcomma(LONGEST_SHOWN),
        "all": intcomma(length),
    }
    if not record:
        return format_html("<p><strong>{}</strong></p>", words)
    whole = _("The whole text is in the registry’s record.")
    link = format_html('<a href="{}" rel="noopener">{}</a>', record, whole)
    return format_html("<p><strong>{}</strong> {}</p>", words, link)
