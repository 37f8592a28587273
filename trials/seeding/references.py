"""Checks what one entry of fixtures/ says of another: names that exist, and names used once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator

from trials.models.sponsor import normalise_name
from trials.seeding.countries import country_names
from trials.seeding.files import Fixtures, did_you_mean
from trials.seeding.shapes import Branch, Entry
from trials.seeding.trial_shapes import Trial
from trials.vocabulary import NOT_STATED, FactKind


def reference_faults(fixtures: Fixtures) -> list[str]:
    """Every name that leads nowhere and every name that stands twice, one line each."""
    checks = References(fixtures)
    return [
        *_twice(fixtures),
        *checks.of_trees(),
        *checks.of_products(),
        *checks.of_documents(),
        *(fault for trial in fixtures.trials for fault in checks.of_trial(trial)),
    ]


class References:
    """The names that exist, by kind, and the checks against them."""

    def __init__(self, fixtures: Fixtures) -> None:
        self.fixtures = fixtures
        self.known: dict[str, list[str]] = {
            "cell source": [entry.slug for entry in fixtures.cell_sources],
            "indication": [entry.slug for entry in fixtures.indications],
            "document": [entry.slug for entry in fixtures.documents],
            "sponsor": [entry.slug for entry in fixtures.sponsors],
            "product": [entry.slug for entry in fixtures.products],
            "publication": [entry.slug for entry in fixtures.publications],
            "trial": [entry.number for entry in fixtures.trials],
            "claim": [entry.slug for claims in fixtures.claims.values() for entry in claims],
            "country code": list(country_names()),
        }
        self._sets = {kind: frozenset(names) for kind, names in self.known.items()}

    def _check(self, entry: Entry, field: str, kind: str, name: str | None) -> Iterator[str]:
        if name is not None and name not in self._sets[kind]:
            hint = did_you_mean(name, self.known[kind])
            yield f"{entry.where}, {field}: “{name}” is no {kind}{hint}"

    def _check_all(
        self, entry: Entry, field: str, kind: str, names: Iterable[str]
    ) -> Iterator[str]:
        for place, name in enumerate(names):
            yield from self._check(entry, f"{field}[{place}]", kind, name)

    def of_trees(self) -> Iterator[str]:
        for kind, branches in (
            ("cell source", self.fixtures.cell_sources),
            ("indication", self.fixtures.indications),
        ):
            parents = {branch.slug: branch.parent for branch in branches}
            for branch in branches:
                yield from self._check(branch, "parent", kind, branch.parent)
                if _runs_in_a_circle(branch, parents):
                    yield f"{branch.where}, parent: is below itself"

    def of_products(self) -> Iterator[str]:
        for product in self.fixtures.products:
            yield from self._check(product, "sponsor", "sponsor", product.sponsor)
            yield from self._check(product, "cell_source", "cell source", product.cell_source)
            for place, approval in enumerate(product.approvals):
                field = f"approvals[{place}].country"
                yield from self._check(product, field, "country code", approval.country)

    def of_documents(self) -> Iterator[str]:
        for publication in self.fixtures.publications:
            for place, citation in enumerate(publication.citations):
                field = f"citations[{place}].document"
                yield from self._check(publication, field, "document", citation.document)
        for study in self.fixtures.excluded:
            yield from self._check(study, "document", "document", study.document)
        for document, claims in self.fixtures.claims.items():
            for claim in claims:
                yield from self._check(claim, "file name", "document", document)
                yield from self._check_all(claim, "trials", "trial", claim.trials)
                yield from self._check_all(claim, "publications", "publication", claim.publications)
                yield from self._check_all(claim, "products", "product", claim.products)
                yield from self._check_all(claim, "contradicts", "claim", claim.contradicts)

    def of_trial(self, trial: Trial) -> Iterator[str]:
        yield from self._check(trial, "sponsor", "sponsor", trial.sponsor)
        yield from self._check_all(trial, "collaborators", "sponsor", trial.collaborators)
        for n, site in enumerate(trial.sites):
            yield from self._check(trial, f"sites[{n}].country", "country code", site.country)
        for n, mention in enumerate(trial.mentions):
            yield from self._check(trial, f"mentions[{n}].document", "document", mention.document)
        for n, paper in enumerate(trial.publications):
            field = f"publications[{n}].publication"
            yield from self._check(trial, field, "publication", paper.publication)
        for n, fact in enumerate(trial.facts):
            yield from self._check(trial, f"facts[{n}].document", "document", fact.document)
            kind = _LINKED.get(fact.kind)
            if kind and fact.value != NOT_STATED:
                yield from self._check(trial, f"facts[{n}].value", kind, fact.value)


_LINKED = {
    FactKind.CELL_SOURCE: "cell source",
    FactKind.INDICATION: "indication",
    FactKind.PRODUCT: "product",
}


def _runs_in_a_circle(branch: Branch, parents: dict[str, str | None]) -> bool:
    seen = {branch.slug}
    parent = branch.parent
    while parent is not None:
        if parent in seen:
            return True
        seen.add(parent)
        parent = parents.get(parent)
    return False


def _twice(fixtures: Fixtures) -> Iterator[str]:
    claims = [claim for group in fixtures.claims.values() for claim in group]
    groups: list[tuple[str, Iterable[Entry], Callable[..., Iterable[Hashable]]]] = [
        ("slug", fixtures.cell_sources, lambda e: [e.slug]),
        ("slug", fixtures.indications, lambda e: [e.slug]),
        ("slug", fixtures.documents, lambda e: [e.slug]),
        ("slug", fixtures.sponsors, lambda e: [e.slug]),
        ("name", fixtures.sponsors, lambda e: {normalise_name(n) for n in _names(e)}),
        ("slug", fixtures.products, lambda e: [e.slug]),
        ("slug", fixtures.publications, lambda e: [e.slug]),
        ("doi", fixtures.publications, lambda e: [e.doi] if e.doi else []),
        ("pmid", fixtures.publications, lambda e: [e.pmid] if e.pmid else []),
        ("slug", claims, lambda e: [e.slug]),
        ("slug", fixtures.excluded, lambda e: [e.slug]),
        ("name", fixtures.queries, lambda e: [e.name]),
        ("number", fixtures.trials, lambda e: [e.number]),
        ("mentions", fixtures.trials, lambda e: [(m.document, m.place) for m in e.mentions]),
        ("mentions", fixtures.trials, _rows),
    ]
    for field, entries, keys in groups:
        seen: dict[Hashable, str] = {}
        for entry in entries:
            for key in keys(entry):
                if key in seen:
                    shown = ", ".join(map(str, key)) if isinstance(key, tuple) else key
                    yield f"{entry.where}, {field}: “{shown}” stands already in {seen[key]}"
                seen.setdefault(key, entry.where)


def _names(sponsor: Entry) -> list[str]:
    return [sponsor.name, *(alias.name for alias in sponsor.aliases)]  # type: ignore[attr-defined]


def _rows(trial: Entry) -> list[tuple[str, str]]:
    mentions = trial.mentions  # type: ignore[attr-defined]
    return [(m.document, f"row {m.position}") for m in mentions if m.position is not None]
