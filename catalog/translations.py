"""Translations: compiles them for Django, and brings them in step with the words of the source.

All by Babel, so that no machine needs GNU gettext. `django.po` is what people edit; `django.mo` is
made from it and is not kept in git.
"""

import os
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "catalog" / "locale"
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
# What a call of these names says: which of its arguments are texts, and which is a context.
_PLAIN = ("_", "gettext", "gettext_lazy", "gettext_noop")
_COUNTED = ("ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy")
_IN_CONTEXT = ("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy")
_CALLS = dict.fromkeys((*_PLAIN, *_COUNTED, *_IN_CONTEXT))


class UnreadableTranslations(Exception):
    """A file of translations cannot be read; the message says which, and where."""


def compile_translations() -> None:
    """Make each `django.mo` that is missing or older than its `django.po`.

    Several processes may do so at once: each file is whole before it has its name.
    """
    for source in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            _replace(target, _compiled(read_translations(source)))


def read_translations(path: Path) -> Catalog:
    """The catalogue of a `django.po`; the language is the name of its folder.

    Raises UnreadableTranslations.
    """
    try:
        with path.open("rb") as file:
            return read_po(file, locale=path.parent.parent.name, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise UnreadableTranslations(f"{path}: {error}") from error


def extracted() -> Catalog:
    """Every text of the Python code and of the templates that is marked for translation."""
    found = Catalog()
    for path in sorted([*ROOT.glob("catalog/**/*.py"), *ROOT.glob("trials/**/*.py")]):
        _add(found, path.read_bytes())
    for path in sorted(ROOT.glob("templates/**/*.*")):
        _add(found, _as_python(path))
    return found


def update_translations() -> Iterator[tuple[Path, int]]:
    """Write new texts into each `django.po`, untranslated, and take out those that are gone.

    Yields each file with the number of its texts that have no translation.
    """
    template = extracted()
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
        catalog = read_translations(path)
        # A guess at a translation from a similar text is wrong more often than it helps.
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        written = BytesIO()
        # By their letters, without places and dates, one line each: moved code is no change here.
        write_po(written, catalog, width=0, no_location=True, sort_output=True, omit_header=True)
        header = HEADER.format(language=path.parent.parent.name, plurals=catalog.plural_forms)
        _replace(path, header.encode() + written.getvalue())
        yield path, sum(1 for message in catalog if message.id and not _translated(message.string))


def _translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) and (isinstance(string, str) or all(string or ()))


def _as_python(template: Path) -> bytes:
    """The template's texts as calls of gettext; all else is blanked out, its lines unindented."""
    from django.utils.translation.template import templatize  # noqa: PLC0415 - wants settings

    blanked = templatize(template.read_text("utf-8"), origin=str(template))
    return "\n".join(line.strip() for line in blanked.splitlines()).encode()


def _add(found: Catalog, code: bytes) -> None:
    calls = extract_python(BytesIO(code), _CALLS, [], {"encoding": "utf-8"})
    for _line, call, texts, _comments in calls:
        said = [texts] if isinstance(texts, str) else list(texts)
        context = said.pop(0) if call in _IN_CONTEXT else None
        if said and said[0]:
            found.add((said[0], said[1]) if call in _COUNTED else said[0], context=context)


def _compiled(catalog: Catalog) -> bytes:
    made = BytesIO()
    write_mo(made, catalog)
    return made.getvalue()


def _replace(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)  # readable for whoever serves the site
    Path(name).replace(target)


if __name__ == "__main__":
    compile_translations()
