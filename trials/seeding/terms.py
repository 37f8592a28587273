"""Writes the vocabularies: countries, the two trees, sponsors with their names, stored queries."""

from __future__ import annotations

from trials.models import CellSource, Country, HarvestQuery, Indication, Sponsor, SponsorAlias
from trials.models.sponsor import normalise_name
from trials.seeding import shapes
from trials.seeding.countries import country_names
from trials.seeding.ledger import Ledger, Values
from trials.seeding.report import SeedReport, Tally
from trials.seeding.tables import keep_in_step
from trials.vocabulary import AliasKind


def save_countries(report: SeedReport) -> None:
    wanted: dict[str, Values] = {
        code: {"code": code, "name": name, "name_zh": name_zh}
        for code, (name, name_zh) in country_names().items()
    }
    existing = {row.code: row for row in Country.objects.all()}
    keep_in_step(Country, wanted, existing=existing, tally=report.kinds["countries"])


def save_tree(
    model: type[CellSource] | type[Indication], branches: list[shapes.Branch], report: SeedReport
) -> dict[str, int]:
    """The keys of the tree's rows by slug. Parents are written before their children."""
    tally = report.kinds["cell sources" if model is CellSource else "indications"]
    existing = {row.slug: row for row in model._default_manager.all()}
    keys: dict[str, int] = {}
    waiting = dict(enumerate(branches))
    while waiting:
        ready = {n: b for n, b in waiting.items() if b.parent is None or b.parent in keys}
        wanted: dict[str, Values] = {
            branch.slug: _branch_values(branch, position, keys)
            for position, branch in ready.items()
        }
        rows = keep_in_step(model, wanted, existing=existing, tally=tally)
        keys |= {slug: row.pk for slug, row in rows.items()}
        waiting = {n: b for n, b in waiting.items() if n not in ready}
    return keys


def _branch_values(branch: shapes.Branch, position: int, keys: dict[str, int]) -> Values:
    return {
        "slug": branch.slug,
        "parent_id": keys[branch.parent] if branch.parent else None,
        "name": branch.name,
        "name_zh": branch.name_zh,
        "synonyms": branch.synonyms,
        "mesh_id": branch.mesh_id or "",
        "description": branch.description,
        "description_zh": branch.description_zh,
        "position": position,
    }


def save_sponsors(sponsors: list[shapes.Sponsor], report: SeedReport) -> dict[str, int]:
    """The keys of the sponsors by the files' slugs.

    A sponsor that is known under another slug (a refresh met it first) is found by its name and
    left as it is; one that a person merged into another is that other.
    """
    aliases = {alias.normalised: alias.sponsor_id for alias in SponsorAlias.objects.all()}
    existing = {row.slug: row for row in Sponsor.objects.all()}
    elsewhere = {
        sponsor.slug: aliases[normalise_name(sponsor.name)]
        for sponsor in sponsors
        if sponsor.slug not in existing and normalise_name(sponsor.name) in aliases
    }
    wanted: dict[str, Values] = {
        sponsor.slug: {
            "slug": sponsor.slug,
            "name": sponsor.name,
            "name_zh": sponsor.name_zh,
            "name_zh_note": sponsor.name_zh_note,
            "sponsor_class": sponsor.sponsor_class or "",
            "note": sponsor.note,
        }
        for sponsor in sponsors
        if sponsor.slug not in elsewhere and not sponsor.merged_into
    }
    tally = report.kinds["sponsors"]
    rows = keep_in_step(Sponsor, wanted, existing=existing, tally=tally)
    keys = elsewhere | {slug: row.merged_into_id or row.pk for slug, row in rows.items()}
    keys |= _save_merged(sponsors, keys, existing, tally)
    _save_aliases(sponsors, keys, aliases, report)
    return keys


def _save_merged(
    sponsors: list[shapes.Sponsor],
    keys: dict[str, int],
    existing: dict[str, Sponsor],
    tally: Tally,
) -> dict[str, int]:
    """Make the merged sponsors that are not there; the keys of those that they lead to.

    One that is there stays as it is: merging it is a decision, and a person's.
    """
    merged = [(one, one.merged_into) for one in sponsors if one.merged_into]
    new = [
        Sponsor(slug=one.slug, name=one.name, merged_into_id=keys[into])
        for one, into in merged
        if one.slug not in existing
    ]
    Sponsor.objects.bulk_create(new)
    tally.created += len(new)
    tally.unchanged += len(merged) - len(new)
    present = {row.slug: row.merged_into_id or row.pk for row in existing.values()}
    return {one.slug: present.get(one.slug, keys[into]) for one, into in merged}


def _save_aliases(
    sponsors: list[shapes.Sponsor],
    keys: dict[str, int],
    known: dict[str, int],
    report: SeedReport,
) -> None:
    """Add the names that lead nowhere yet. A name that leads somewhere was put there by someone.

    A name that was given before and is gone was taken away by someone.
    """
    tally = report.kinds["sponsor names"]
    ledger = Ledger(SponsorAlias)
    new: dict[str, SponsorAlias] = {}
    for sponsor in sponsors:
        own = shapes.Alias(name=sponsor.name, kind=AliasKind.REGISTRY)
        for alias in (own, *sponsor.aliases):
            normalised = normalise_name(alias.name)
            if normalised in known or normalised in new:
                tally.unchanged += 1
                continue
            if normalised in ledger:
                tally.kept += 1
                continue
            ledger.note(normalised, {})
            new[normalised] = SponsorAlias(
                sponsor_id=keys[sponsor.slug],
                name=alias.name,
                normalised=normalised,
                kind=alias.kind,
            )
    ledger.write()
    SponsorAlias.objects.bulk_create(new.values())
    tally.created += len(new)


def save_queries(queries: list[shapes.Query], report: SeedReport) -> None:
    """Add the stored queries that were never given; the others belong to the editors."""
    tally = report.kinds["stored queries"]
    ledger = Ledger(HarvestQuery)
    known = set(HarvestQuery.objects.values_list("name", flat=True)) | ledger.keys()
    new = [HarvestQuery(**query.model_dump()) for query in queries if query.name not in known]
    for query in new:
        ledger.note(query.name, {})
    ledger.write()
    HarvestQuery.objects.bulk_create(new)
    tally.created += len(new)
    tally.unchanged += len(queries) - len(new)
