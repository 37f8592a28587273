"""What fixtures/ holds: the counts that were made by hand, and the traps that were met."""

import re
from collections import Counter

import pytest

from trials.models import (
    CellSource,
    Claim,
    Document,
    Fact,
    Indication,
    Product,
    SponsorAlias,
    Trial,
)
from trials.vocabulary import AliasKind, Basis, FactKind, IsStemCell, Treatment, Verdict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

CHINESE_LIST = "chinese-hospital-list"
CELL_SOURCES = {
    "umbilical-cord": {"whartons-jelly"},
    "placenta": {"amnion", "chorion", "decidua"},
    "adipose": {"svf", "micro-fragmented-fat", "infrapatellar-fat-pad"},
    "bone-marrow": {"bmac"},
}
CHILDLESS = {
    "cord-blood", "peripheral-blood", "dental", "synovium", "menstrual-blood", "muscle", "skin",
    "cartilage", "disc", "periosteum", "ipsc", "esc", "fetal", "olfactory", "other",
}  # fmt: skip


def numbers(**lookups: object) -> set[str]:
    return set(Trial.objects.filter(**lookups).values_list("number", flat=True))


def test_the_chinese_list_has_its_23_rows_of_23_trials():
    trials = Trial.objects.filter(mentions__document__slug=CHINESE_LIST)
    positions = trials.order_by("mentions__position").values_list("mentions__position", flat=True)
    assert list(positions) == list(range(1, 24))
    assert trials.values("pk").distinct().count() == 23


def test_22_rows_of_the_chinese_list_are_joined_to_registry_numbers():
    listed = numbers(mentions__document__slug=CHINESE_LIST)
    assert {number for number in listed if not number.startswith("NCT")} == {"SCT-0001"}


def test_row_13_is_kept_apart_from_the_trial_whose_title_it_bears():
    row = Trial.objects.get(mentions__document__slug=CHINESE_LIST, mentions__position=13)
    twin = Trial.objects.get(number="NCT04208646")
    assert row.number == "SCT-0001"
    assert row.title == twin.title
    assert row.registry_id is None
    assert "not merged with NCT04208646" in row.doubt


def test_only_one_trial_uses_cells_of_the_placenta():
    assert numbers(facts__cell_source__slug="placenta", facts__shown=True) == {"SCT-0003"}


def test_treatments_that_the_vocabulary_has_are_written_as_it_writes_them():
    """So a Chinese reader reads them in Chinese; the quote keeps the record's own words."""
    kinds = (FactKind.ADJUNCT, FactKind.COMPARATOR)
    written = set(Fact.objects.filter(kind__in=kinds).values_list("value", flat=True))
    assert written - set(Treatment.values) == {
        "autologous osteochondral transplantation",
        "endoscopic discectomy",
        "microfracture with collagen membrane",
        "no cells",
        "stromal vascular fraction",
    }


def test_eight_trials_are_in_taiwan():
    assert numbers(sites__country="TW") == {
        "NCT02544802", "NCT02784964", "NCT03007576", "NCT03589287",
        "NCT03943576", "NCT04893174", "NCT05027581", "NCT05526001",
    }  # fmt: skip


def test_hong_kong_is_a_country_of_its_own():
    assert numbers(sites__country="HK") == {"NCT04326985"}


def test_nine_trials_in_china_are_of_phase_2():
    in_china = Trial.objects.filter(sites__country="CN")
    assert set(in_china.filter(phases__phase="PHASE2").values_list("number", flat=True)) == {
        "NCT01809769", "NCT02162693", "NCT02776943", "NCT02855073", "NCT03166865",
        "NCT03383081", "NCT03955497", "NCT03975101", "NCT04208646",
    }  # fmt: skip


def test_the_cell_sources_are_those_of_the_interface():
    tree = {root.slug: set() for root in CellSource.objects.filter(parent=None)}
    for child in CellSource.objects.exclude(parent=None).select_related("parent"):
        tree[child.parent.slug].add(child.slug)
    assert tree == CELL_SOURCES | {slug: set() for slug in CHILDLESS}


def test_every_indication_but_one_is_musculoskeletal():
    roots = Indication.objects.filter(parent=None).values_list("slug", flat=True)
    assert set(roots) == {"musculoskeletal", "non-musculoskeletal"}
    assert Indication.objects.get(slug="knee-osteoarthritis").parent.slug == "osteoarthritis"
    assert Indication.objects.count() == 26


def test_a_doubled_dose_stands_with_both_values():
    doses = Fact.objects.filter(trial__number="NCT03166865", kind="dose", shown=True)
    assert {(dose.dose_min, dose.quote[:8], dose.text) for dose in doses} == {
        (2e7, "2×10~7 U", "2 × 10⁷ cells"),
        (1e7, "1 x 10~7", "1 × 10⁷ cells"),
    }


def test_a_newer_status_stands_with_its_date():
    trial = Trial.objects.get(number="NCT03969680")
    assert (trial.status, trial.enrollment_count) == ("TERMINATED", 2)
    assert str(trial.registry_as_of) == "2024-01-24"


def test_nobody_enrolled_is_not_unknown():
    assert Trial.objects.get(number="NCT03975101").enrollment_count == 0
    assert Trial.objects.get(number="SCT-0001").enrollment_count is None


def test_a_month_stays_a_month():
    assert str(Trial.objects.get(number="NCT02641860").start_date) == "2015-12"


def test_a_donor_that_the_record_does_not_name_is_inferred_and_says_why():
    donor = Fact.objects.get(trial__number="NCT04893174", kind="donor_type")
    assert (donor.value, donor.basis) == ("allogeneic", Basis.INFERRED)
    assert "does not name the donor" in donor.note


def test_exosomes_are_cell_free():
    facts = Fact.objects.filter(trial__number="SCT-0007", shown=True)
    assert facts.get(kind="preparation").value == "cell-free"
    assert facts.get(kind="cell_source").cell_source.slug == "umbilical-cord"


def test_the_disc_trial_is_not_its_site_s():
    trial = Trial.objects.get(number="NCT03955315")
    assert trial.sponsorships.get(role="lead").sponsor.slug == "discgenics"
    assert trial.facts.get(kind="cell_source").cell_source.slug == "disc"


def test_stemchymal_is_tied_to_no_trial():
    assert not Fact.objects.filter(product__slug="stemchymal").exists()


def test_chondrocytes_are_no_stem_cells_and_the_withdrawal_is_told():
    chondrocytes = Product.objects.filter(is_stem_cell=IsStemCell.NO)
    assert set(chondrocytes.values_list("slug", flat=True)) == {"chondrocelect", "maci"}
    decisions = Product.objects.get(slug="chondrocelect").approvals.all()
    assert [(d.kind, str(d.date), str(d.effective)) for d in decisions] == [
        ("approval", "2009-10-05", "None"),
        ("withdrawal", "2016-07-29", "2016-11-30"),
    ]


def test_a_machine_made_name_leads_to_its_sponsor_and_is_not_its_name():
    alias = SponsorAlias.objects.get(name="深圳市黄蜂玉米生物技术有限公司")
    assert alias.kind == AliasKind.MACHINE_TRANSLATION
    assert alias.sponsor.slug == "shenzhen-hornetcorn-biotechnology"
    assert alias.sponsor.name_zh == ""


def test_a_mistranslated_title_is_corrected_beside_the_list_s_own_words():
    trial = Trial.objects.get(number="NCT04130100")
    assert trial.title_zh.startswith("牙髓间充质干细胞")
    assert trial.mentions.get().title_zh_words.startswith("髓腔间充质干细胞")


def test_every_document_has_checked_claims(fixtures):
    counts = {document: len(claims) for document, claims in fixtures.claims.items()}
    assert set(counts) == {document.slug for document in fixtures.documents}
    assert min(counts.values()) >= 10
    assert sum(counts.values()) >= 60
    verdicts = Counter(claim.verdict for claims in fixtures.claims.values() for claim in claims)
    assert set(verdicts) == set(Verdict)


def test_a_confirmed_or_contradicted_claim_says_where_it_was_checked(fixtures):
    for claims in fixtures.claims.values():
        for claim in claims:
            if claim.verdict in {Verdict.CONFIRMED, Verdict.CONTRADICTED, Verdict.MISREAD}:
                assert claim.finding_source, claim.slug


def test_what_is_from_memory_is_marked_as_unverified(fixtures):
    texts = [claim.finding for claims in fixtures.claims.values() for claim in claims]
    texts += [trial.note + trial.doubt for trial in fixtures.trials]
    texts += [paper.note for paper in fixtures.publications]
    texts += [product.note + product.maker for product in fixtures.products]
    from_memory = [text for text in texts if re.search("from memory", text, re.IGNORECASE)]
    assert from_memory
    assert all(re.search("from memory, unverified", text, re.I) for text in from_memory)


def test_an_unfound_paper_has_no_number(fixtures):
    for paper in fixtures.publications:
        if not paper.identified:
            assert [paper.doi, paper.pmid, paper.pmcid] == [None] * 3, paper.slug


def test_animal_studies_are_left_out_with_the_reason(fixtures):
    assert len(fixtures.excluded) == 5
    assert all("no clinical trial" in study.reason for study in fixtures.excluded)


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (CellSource, ("name_zh", "description_zh")),
        (Indication, ("name_zh", "description_zh")),
        (Document, ("title_zh",)),
        (Claim, ("gist_zh",)),
    ],
)
def test_every_source_indication_document_and_claim_has_its_chinese_words(model, fields):
    nameless = {
        row.slug: field
        for row in model.objects.all()
        for field in fields
        if not re.search("[\u4e00-\u9fff]", getattr(row, field))
    }
    assert nameless == {}


@pytest.mark.parametrize("model", [CellSource, Indication])
def test_our_own_chinese_words_have_chinese_punctuation(model):
    texts = [text for row in model.objects.all() for text in (row.name_zh, row.description_zh)]
    assert [text for text in texts if re.search("[\u4e00-\u9fff][,;:(]", text)] == []
