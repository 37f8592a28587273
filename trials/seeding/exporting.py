"""Rows → fixtures/: the vocabularies as the files have them, so that a change can be reviewed."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db.models import Prefetch, Q

from trials.extraction.adding import holder
from trials.extraction.tables import Addition, lexicon
from trials.models import Approval, CellSource, Indication, LexiconTerm, Product, Sponsor
from trials.models.sponsor import normalise_name
from trials.seeding import read_fixtures
from trials.seeding.files import CELL_SOURCES, INDICATIONS, LEXICON, PRODUCTS, SPONSORS, Part
from trials.seeding.ledger import Ledger
from trials.seeding.lexicon import NOTES

LINE = 100  # signs; a longer list stands one value a line
Values = dict[str, Any]


def export_fixtures(folder: Path, *, out: Path) -> dict[str, bool]:
    """Write the vocabularies and the lexicon's terms to `out`.

    By file, whether it differs from the one in `folder`.
    They are read beside the other files of `folder` before anything is written: raises
    BrokenFixturesError with every fault, and then nothing is.
    """
    texts = {part.path: _text(part, rows, folder) for part, rows in _vocabularies()}
    texts[LEXICON] = _lexicon_text(folder)
    with TemporaryDirectory() as place:
        trial = shutil.copytree(folder, Path(place) / folder.name)
        for name, text in texts.items():
            (trial / name).write_text(text, encoding="utf-8")
        read_fixtures(trial)
    differs = {name: _read(folder / name) != text for name, text in texts.items()}
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8")
    return differs


def _vocabularies() -> Iterator[tuple[Part[Any], Iterator[Values]]]:
    yield CELL_SOURCES, _branches(CellSource)
    yield INDICATIONS, _branches(Indication)
    yield SPONSORS, _sponsors()
    yield PRODUCTS, _products()


def _branches(model: type[CellSource] | type[Indication]) -> Iterator[Values]:
    rows: Any = model._default_manager.select_related("parent").order_by("position", "slug")
    for row in rows:
        yield _columns(row, "slug") | {
            "parent": row.parent.slug if row.parent else None,
            **_columns(row, "name", "name_zh", "synonyms", "mesh_id"),
            **_columns(row, "description", "description_zh"),
        }


def _sponsors() -> Iterator[Values]:
    """Those that the files gave, makers of products, and those that a person decided about.

    Not all: a refresh makes thousands known, and would again.
    """
    given = Q(slug__in=Ledger(Sponsor).keys()) | Q(products__isnull=False)
    decided = Q(decisions__undone_at=None, decisions__isnull=False) | Q(merged__isnull=False)
    keys = Sponsor.objects.filter(given | decided).values("pk")
    rows = Sponsor.objects.filter(pk__in=keys).select_related("merged_into")
    for row in rows.prefetch_related("aliases", "merged").order_by("pk"):
        # Its own name, and those of the merged ones, are found without being repeated.
        own = {normalise_name(one.name) for one in (row, *row.merged.all())}
        others = (alias for alias in row.aliases.all() if alias.normalised not in own)
        yield {
            **_columns(row, "slug", "name", "name_zh", "name_zh_note", "sponsor_class", "note"),
            "merged_into": row.merged_into.slug if row.merged_into else None,
            "aliases": [
                _columns(alias, "name", "kind") for alias in sorted(others, key=lambda a: a.pk)
            ],
        }


def _products() -> Iterator[Values]:
    approvals = Prefetch("approvals", Approval.objects.order_by("position"))
    rows = Product.objects.select_related("sponsor", "cell_source").prefetch_related(approvals)
    for row in rows.order_by("pk"):
        yield {
            **_columns(row, "slug", "name", "aliases", "maker"),
            "sponsor": row.sponsor.slug if row.sponsor else None,
            "cell_source": row.cell_source.slug if row.cell_source else None,
            **_columns(row, "is_stem_cell", "cell_note", "donor_type", "indication_text"),
            **_columns(row, "status_text", "verification", "evidence", "note"),
            "approvals": [_approval(approval) for approval in row.approvals.all()],
        }


def _approval(row: Approval) -> Values:
    return {
        "regulator": row.regulator,
        "country": row.country_id,
        **_columns(row, "kind", "date", "effective", "indication", "evidence", "note"),
    }


def _columns(row: Any, *names: str) -> Values:
    return {name: getattr(row, name) for name in names}


def _text(part: Part[Any], rows: Iterable[Values], folder: Path) -> str:
    """The file: the comment at its head as it is, then an entry for each row."""
    entries = ["\n\n".join(_entry(part.table, row)) for row in rows]
    return _with_head(folder / part.path, entries)


def _with_head(path: Path, entries: list[str]) -> str:
    head = []
    for line in _read(path).splitlines():
        if not line.startswith("#"):
            break
        head.append(line)
    return "\n\n".join(["\n".join(head), *entries] if head else entries) + "\n"


def _lexicon_text(folder: Path) -> str:
    """The terms in use as the lexicon has its own: a list a row; then their notes."""
    rows: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    notes: dict[str, dict[str, str]] = defaultdict(dict)
    for (table, section, value, phrase), note in sorted(_terms()):
        rows[f"{table}.{section}"][value].append(phrase)
        if note:
            notes[f"{NOTES}.{table}"][_quoted(phrase)] = note
    tables: list[tuple[str, Values]] = [*rows.items(), *notes.items()]
    entries = ["\n".join([f"[{n}]", *(_line(k, v) for k, v in of.items())]) for n, of in tables]
    return _with_head(folder / LEXICON, entries)


def _terms() -> Iterator[tuple[Addition, str]]:
    """Each with its note; without those that have been moved into the lexicon's own files."""
    for term in LexiconTerm.objects.active():
        addition = Addition(term.table, term.section, term.value, term.phrase)
        held = holder(addition, lexicon())
        if held is None or (held.section, held.value) != (term.section, term.value):
            yield addition, term.note


def _entry(table: str, row: Values) -> Iterator[str]:
    """One table with what is filled of it, and the tables in it after that."""
    inner = {name: value for name, value in row.items() if _is_tables(value)}
    plain = {name: v for name, v in row.items() if name not in inner and v not in (None, "", [])}
    yield "\n".join([f"[[{table}]]", *(_line(name, value) for name, value in plain.items())])
    for name, tables in inner.items():
        for one in tables:
            yield from _entry(f"{table}.{name}", one)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _line(name: str, value: Any) -> str:
    if not isinstance(value, list):
        return f"{name} = {_quoted(value)}"
    line = f"{name} = [{', '.join(map(_quoted, value))}]"
    if len(line) <= LINE:
        return line
    return "\n".join([f"{name} = [", *(f"  {_quoted(one)}," for one in value), "]"])


def _quoted(value: Any) -> str:
    # JSON's strings are TOML's, but for one sign that TOML wants escaped.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
