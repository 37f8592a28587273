"""Reads the files under fixtures/: every entry checked, and every fault named by its place."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from trials.seeding.lexicon import read_terms
from trials.seeding.shapes import (
    Branch,
    Claim,
    Document,
    Entry,
    ExcludedStudy,
    Product,
    Publication,
    Query,
    Sponsor,
    Term,
)
from trials.seeding.trial_shapes import Trial

EntryT = TypeVar("EntryT", bound=Entry)


class BrokenFixturesError(Exception):
    """The files cannot be loaded; `faults` names every reason, one line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Part(Generic[EntryT]):
    """One kind of entries: the file or folder they stand in, and their table in it."""

    path: str
    table: str
    shape: type[EntryT]

    def files(self, folder: Path) -> list[Path]:
        place = folder / self.path
        return sorted(place.glob("*.toml")) if place.suffix == "" else [place]


CELL_SOURCES = Part("cell_sources.toml", "cell_source", Branch)
INDICATIONS = Part("indications.toml", "indication", Branch)
DOCUMENTS = Part("documents.toml", "document", Document)
SPONSORS = Part("sponsors.toml", "sponsor", Sponsor)
PRODUCTS = Part("products.toml", "product", Product)
PUBLICATIONS = Part("publications.toml", "publication", Publication)
TRIALS = Part("trials", "trial", Trial)
CLAIMS = Part("claims", "claim", Claim)
EXCLUDED = Part("excluded.toml", "study", ExcludedStudy)
QUERIES = Part("queries.toml", "query", Query)
LEXICON = "lexicon.toml"  # in a form of its own


@dataclass(slots=True)
class Fixtures:
    """All entries, each list in the order of its files."""

    cell_sources: list[Branch] = field(default_factory=list)
    indications: list[Branch] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    sponsors: list[Sponsor] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    publications: list[Publication] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    claims: dict[str, list[Claim]] = field(default_factory=dict)  # by the document's slug
    excluded: list[ExcludedStudy] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    queries: list[Query] = field(default_factory=list)


def read_files(folder: Path) -> tuple[Fixtures, list[str]]:
    """The entries that have the right shape, and the faults of the others."""
    if not folder.is_dir():
        raise BrokenFixturesError([f"{folder}: there is no such folder"])
    faults: list[str] = []

    def read(part: Part[EntryT]) -> list[EntryT]:
        return [entry for path in part.files(folder) for entry in _entries(part, path, faults)]

    fixtures = Fixtures(
        cell_sources=read(CELL_SOURCES),
        indications=read(INDICATIONS),
        documents=read(DOCUMENTS),
        sponsors=read(SPONSORS),
        products=read(PRODUCTS),
        publications=read(PUBLICATIONS),
        trials=read(TRIALS),
        claims={path.stem: list(_entries(CLAIMS, path, faults)) for path in CLAIMS.files(folder)},
        excluded=read(EXCLUDED),
        terms=list(read_terms(_content(folder / LEXICON, faults), shown(folder / LEXICON), faults)),
        queries=read(QUERIES),
    )
    return fixtures, faults


def _content(path: Path, faults: list[str]) -> dict[str, Any]:
    """The file's tables; none, and a fault, where it cannot be read."""
    file = shown(path)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.append(f"{file}: is missing")
    except UnicodeDecodeError:
        faults.append(f"{file}: is not UTF-8")
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{file}: is not TOML: {error}")
    return {}


def _entries(part: Part[EntryT], path: Path, faults: list[str]) -> Iterator[EntryT]:
    file, content = shown(path), _content(path, faults)
    faults += [
        f"{file}: “{name}” is not known here (allowed: [[{part.table}]])"
        for name in content
        if name != part.table
    ]
    rows = content.get(part.table, [])
    if not isinstance(rows, list):
        faults.append(f"{file}: {part.table} is one table: write [[{part.table}]]")
        return
    for place, raw in enumerate(rows):
        where = f"{file}: {part.table} {_name(part.shape, raw, place)}"
        try:
            entry = part.shape.model_validate(raw)
        except ValidationError as error:
            faults += [f"{where}, {_fault(part.shape, detail)}" for detail in error.errors()]
            continue
        entry.placed(where)
        yield entry


def shown(path: Path) -> str:
    """The file as a fault names it: from the folder of the fixtures on."""
    top = path.parent.parent if path.parent.name in {TRIALS.path, CLAIMS.path} else path.parent
    return f"{top.name}/{path.relative_to(top)}"


def _name(shape: type[Entry], raw: Any, place: int) -> str:
    name = raw.get(shape.named_by) if isinstance(raw, dict) else None
    return json.dumps(name, ensure_ascii=False) if isinstance(name, str) else f"no. {place + 1}"


def _fault(shape: type[BaseModel], detail: ErrorDetails) -> str:
    """One sentence: the place in the entry, the reason, and what would be right."""
    place = "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in detail["loc"]
    ).lstrip(".")
    reason = _reason(shape, detail)
    return f"{place}: {reason}" if place else reason


def _reason(shape: type[BaseModel], detail: ErrorDetails) -> str:
    given, context = detail["input"], detail.get("ctx", {})
    reason = f"“{given}”: {detail['msg']}"
    match detail["type"]:
        case "missing":
            reason = "is missing"
        case "extra_forbidden":
            fields = list(_fields_at(shape, detail["loc"][:-1]))
            reason = f"is not known here{did_you_mean(str(detail['loc'][-1]), fields)}"
        case "enum" | "literal_error":
            allowed = _listed(context["expected"])
            hint = did_you_mean(str(given), allowed)
            reason = f"“{given}” is not known{hint} (allowed: {', '.join(allowed)})"
        case "value_error":
            reason = str(context["error"])
        case "string_pattern_mismatch":
            reason = f"“{given}” has not the shape {context['pattern']}"
        case "string_too_short":
            reason = "is empty"
    return reason


def _listed(expected: str) -> list[str]:
    """The values in pydantic's words `'a', 'b' or 'c'`, also of enumerations."""
    return [piece for piece in expected.split("'")[1::2] if piece]


def _fields_at(shape: type[BaseModel], steps: tuple[int | str, ...]) -> Iterator[str]:
    """The names of the fields of the shape at a place in an entry."""
    for step in steps:
        if isinstance(step, str):
            annotation = shape.model_fields[step].annotation
            inner = [annotation, *getattr(annotation, "__args__", ())]
            shape = next(part for part in inner if _is_shape(part))
    yield from shape.model_fields


def _is_shape(part: object) -> bool:
    return isinstance(part, type) and issubclass(part, BaseModel)


def did_you_mean(given: str, known: list[str]) -> str:
    """“, did you mean “x”?” where something known is near; else nothing."""
    near = difflib.get_close_matches(given, known, n=1, cutoff=0.6)
    return f", did you mean “{near[0]}”?" if near else ""
