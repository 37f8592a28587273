"""Renders the registry's own texts, which are Markdown, without ever letting their HTML through."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

register = template.Library()

# Lines of "===" and four spaces are typing habits of sponsors, not headings and program code;
# a picture would be a file from another host.
_NOT_MEANT = ("heading", "lheading", "code", "fence", "image", "hr", "reference")


class _OutwardLinks(RendererHTML):
    def link_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        tokens[index].attrSet("rel", "nofollow noopener")
        return self.renderToken(tokens, index, options, env)


# html off: a tag in the text is shown as text. Addresses such as javascript: are refused.
_markdown = MarkdownIt(
    "commonmark", {"html": False, "breaks": True}, renderer_cls=_OutwardLinks
).disable(list(_NOT_MEANT))


@register.filter
def registry_text(text: Any) -> SafeString:
    """Paragraphs, lists and emphasis of a registry text, as HTML."""
    return mark_safe(_markdown.render(str(text or "")))  # noqa: S308 - escaped by markdown-it
