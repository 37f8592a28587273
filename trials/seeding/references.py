"""Checks what one entry of fixtures/ says of another: names that exist, and names used once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trials.models.sponsor import normalise_name
from trials.seeding.countries import country_names
from trials.seeding.files import Fixtures, did_you_mean
from trials.seeding.lexicon import term_faults
from trials.seeding.shapes import Branch, Entry, Sponsor
from trials.seeding.trial_shapes import Fact, Trial
from trials.vocabulary import NOT_STATED, FactKind, LexiconTable


def reference_faults(fixtures: Fixtures) -> list[str]:
    """Every name that leads nowhere and every name that stands twice, one line each."""
    checks = References(fixtures)
    return [
        *_twice(fixtures),
        *checks.of_trees(),
        *checks.of_sponsors(),
        *checks.of_products(),
        *checks.of_documents(),
        *(fault for trial in fixtures.trials for fault in checks.of_trial(trial)),
        *checks.of_terms(),
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

    def of_terms(self) -> Iterator[str]:
        vocabularies: dict[str, list[str]] = {
            LexiconTable.SOURCES: self.known["cell source"],
            LexiconTable.INDICATIONS: self.known["indication"],
            LexiconTable.PRODUCTS: self.known["product"],
        }
        return term_faults(self.fixtures.terms, vocabularies)

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

    def of_sponsors(self) -> Iterator[str]:
        merged = {sponsor.slug for sponsor in self.fixtures.sponsors if sponsor.merged_into}
        for sponsor in self.fixtures.sponsors:
            into = sponsor.merged_into
            yield from self._check(sponsor, "merged_into", "sponsor", into)
            if into in merged:
                yield f"{sponsor.where}, merged_into: “{into}” is merged itself"

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
    for field, names in _names_used_once(fixtures):
        seen: dict[str, str] = {}
        for entry, name in names:
            if name in seen:
                yield f"{entry.where}, {field}: “{name}” stands already in {seen[name]}"
            seen.setdefault(name, entry.where)


def _names_used_once(
    fixtures: Fixtures,
) -> Iterator[tuple[str, list[tuple[Entry, str]]]]:
    """Each list of names that may stand once only: the field, and who uses which."""
    trials, sponsors, papers = fixtures.trials, fixtures.sponsors, fixtures.publications
    mentions = [(trial, mention) for trial in trials for mention in trial.mentions]
    yield "slug", [(entry, entry.slug) for entry in fixtures.cell_sources]
    yield "slug", [(entry, entry.slug) for entry in fixtures.indications]
    yield "slug", [(entry, entry.slug) for entry in fixtures.documents]
    yield "slug", [(entry, entry.slug) for entry in sponsors]
    yield "name", [(entry, name) for entry in sponsors for name in _names_of(entry)]
    yield "slug", [(entry, entry.slug) for entry in fixtures.products]
    yield "slug", [(entry, entry.slug) for entry in papers]
    yield "doi", [(entry, entry.doi) for entry in papers if entry.doi]
    yield "pmid", [(entry, entry.pmid) for entry in papers if entry.pmid]
    yield "slug", [(claim, claim.slug) for group in fixtures.claims.values() for claim in group]
    yield "slug", [(entry, entry.slug) for entry in fixtures.excluded]
    yield "name", [(entry, entry.name) for entry in fixtures.queries]
    yield "number", [(entry, entry.number) for entry in trials]
    yield (
        "mentions",
        [(trial, f"{trial.number} in {m.document}, {m.place}") for trial, m in mentions],
    )
    yield (
        "mentions",
        [(trial, f"{m.document}, row {m.position}") for trial, m in mentions if m.position],
    )
    yield "facts", [(trial, _said(trial, fact)) for trial in trials for fact in trial.facts]


def _names_of(sponsor: Sponsor) -> set[str]:
    return {normalise_name(name) for name in (sponsor.name, *(a.name for a in sponsor.aliases))}


def _said(trial: Trial, fact: Fact) -> str:
    """All that makes a fact this one and no other."""
    said = (trial.number, fact.kind, fact.value, fact.role, fact.basis, fact.place, fact.quote)
    return ", ".join(part for part in said if part)
