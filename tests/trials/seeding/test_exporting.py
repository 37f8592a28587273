"""What people changed goes back to the files as the files have it, and only if it can be read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.builders import THEN, make_curator, make_product, make_sponsor
from tests.trials.seeding.conftest import FOLDER
from trials.curation import decide_names, merge
from trials.models import CellSource, Indication, Sponsor
from trials.seeding import read_fixtures, seed
from trials.seeding.exporting import export_fixtures

FILES = (
    "cell_sources.toml",
    "indications.toml",
    "sponsors.toml",
    "products.toml",
    "lexicon.toml",
)
pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("seeded")
def test_files_that_nobody_edited_come_back_as_they_were(tmp_path: Path) -> None:
    assert export_fixtures(FOLDER, out=tmp_path) == dict.fromkeys(FILES, False)
    for name in FILES:
        written = (tmp_path / name).read_text(encoding="utf-8")
        assert written == (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.usefixtures("seeded")
def test_what_people_changed_is_read_again_by_the_seeding(copied: Path) -> None:
    make_sponsor("of-a-refresh", name="Of a refresh")
    kept, gone = Sponsor.objects.get(slug="medipost"), make_sponsor("medi-post", name="Medi-Post")
    merge(gone, into=kept, by=make_curator(), note="One.")
    known = kept.aliases.values_list("name", flat=True)
    names = ["Medipost Co Ltd.", "“M”\tP\\", *known]
    decide_names(kept, name_zh="迈迪", names=names, by=make_curator(), note="Its site.")
    CellSource.objects.filter(slug="placenta").update(synonyms=[f"word {n}" for n in range(30)])
    make_product("new", verification="verified", sponsor=kept)
    differs = export_fixtures(copied, out=copied)
    assert differs == dict(zip(FILES, (True, False, True, True, False), strict=True))
    read = read_fixtures(copied)
    by_slug = {sponsor.slug: sponsor for sponsor in read.sponsors}
    assert "of-a-refresh" not in by_slug
    assert by_slug["medi-post"].merged_into == "medipost"
    assert by_slug["medipost"].name_zh == "迈迪"
    assert "“M”\tP\\" in [alias.name for alias in by_slug["medipost"].aliases]
    again = export_fixtures(copied, out=copied)
    assert again == dict.fromkeys(FILES, False)


def test_a_merged_sponsor_of_the_files_leads_on_in_an_empty_catalogue(copied: Path) -> None:
    sponsors = copied / "sponsors.toml"
    more = '\n[[sponsor]]\nslug = "medi-post"\nname = "Medi-Post"\nmerged_into = "medipost"\n'
    sponsors.write_text(sponsors.read_text(encoding="utf-8") + more, encoding="utf-8")
    for _time in range(2):
        seed(copied, now=THEN)
        gone = Sponsor.objects.get(slug="medi-post")
        assert gone.merged_into is not None
        assert (gone.merged_into.slug, gone.aliases.count()) == ("medipost", 0)
        assert gone.merged_into.aliases.filter(normalised="medi post").exists()


@pytest.mark.parametrize(
    ("target", "fault"),
    [("medi-pots", "merged_into"), ("medi-post", "merged_into")],
)
def test_a_merged_sponsor_leads_to_one_that_is_there(copied: Path, target: str, fault: str) -> None:
    sponsors = copied / "sponsors.toml"
    more = f'\n[[sponsor]]\nslug = "medi-post"\nname = "Medi-Post"\nmerged_into = "{target}"\n'
    sponsors.write_text(sponsors.read_text(encoding="utf-8") + more, encoding="utf-8")
    with pytest.raises(CommandError, match=re.escape(f'sponsor "medi-post", {fault}')):
        call_command("seed", folder=copied)


@pytest.mark.usefixtures("seeded")
def test_rows_that_the_files_could_not_hold_are_named_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    Indication.objects.filter(slug="osteoarthritis").update(name_zh="")
    out = tmp_path / "out"
    fault = 'fixtures/indications.toml: indication "osteoarthritis", name_zh: is missing'
    with pytest.raises(CommandError, match=re.escape(fault)):
        call_command("export_fixtures", out=out)
    assert not out.exists()


@pytest.mark.usefixtures("seeded")
def test_command_says_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Sponsor.objects.filter(slug="medipost").update(note="Of Seoul.")
    call_command("export_fixtures", out=tmp_path, json=True)
    out, err = capsys.readouterr()
    changed = {name: name == "sponsors.toml" for name in FILES}
    assert json.loads(out) == {"out": str(tmp_path), "changed": changed}
    assert f"{tmp_path}/sponsors.toml: changed" in err
