"""A small catalogue with a row in every table, and in it what breaks careless writers."""

from datetime import date

from tests.builders import (
    THEN,
    make_approval,
    make_citation,
    make_claim,
    make_curator,
    make_document,
    make_fact,
    make_mention,
    make_product,
    make_publication,
    make_site,
    make_source,
    make_sponsor,
    make_sponsorship,
    make_trial,
)
from trials.models import ExcludedStudy, Trial

ODD = '=1+1,"<b>膝关节</b>"\r\n\x01| x'
CURATOR = "wang.li@hospital.example"


def make_catalogue() -> Trial:
    """Two trials that are shown, the first one with everything; and one that is not."""
    make_source("svf", "adipose", name_zh="基质血管组分")
    product = make_product("cartistem", aliases=["Cartistem®", "卡提"])
    document = make_document("list", title_zh="名单", published="2024-05")
    trial = make_trial(
        "NCT00000001",
        title=ODD,
        title_zh="膝关节",
        phases=("PHASE1", "PHASE2"),
        countries=("CN",),
        sponsor=make_sponsor("medipost", aliases=("메디포스트",), sponsor_class="INDUSTRY"),
        sources=("svf", "bone-marrow"),
        indications=("knee-osteoarthritis",),
        products=(product,),
        donors=("allogeneic",),
        routes=("intra-articular",),
        aliases=("NCT00000007",),
        start_date="2016-03",
        enrollment_count=0,
        enrollment_type="ACTUAL",
        last_updated=date(2024, 3, 12),
        refreshed_at=THEN,
        conditions=["Knee", ODD],
        healthy_volunteers=False,
    )
    make_everything_about(trial)
    make_mention(trial, document, place="row 1", position=1)
    paper = make_publication("paper", trial, published="2019", year=2019)
    make_citation(document, paper)
    claim = make_claim(document, slug="nine-in-ten")
    claim.trials.add(trial)
    claim.publications.add(paper)
    claim.products.add(product)
    make_approval(product, date="2012-01", kind="approval")
    ExcludedStudy.objects.create(
        document=document, slug="rabbits", title="In rabbits", place="row 2", words="x", reason="No"
    )
    make_trial("SCT-0002", title="Only published")
    hidden = make_trial("NCT00000003", screening="excluded", sources=("adipose",), phases=("NA",))
    make_mention(hidden, document)
    claim.trials.add(hidden)
    return trial


def make_everything_about(trial: Trial) -> None:
    make_sponsorship(trial, "charite", role="collaborator")
    make_site(trial, "CN", facility=ODD, city="上海", latitude=31.23, longitude=-121.47)
    make_site(trial, None, country_name="Atlantis")
    arm = trial.arms.create(position=0, label="Cells", type="EXPERIMENTAL")
    cells = trial.interventions.create(position=0, name="MSC", other_names=["间充质"])
    cells.arms.set([arm])
    trial.outcomes.create(position=0, kind="primary", measure="Pain", time_frame="1 year")
    trial.references.create(position=0, pmid="1", citation="Li 2019", retracted=True)
    make_fact(trial, "dose", dose_min=2e7, dose_max=4e7, dose_unit="cells", quote="2–4 × 10⁷")
    make_fact(trial, "preparation", basis="curator", decided_by=make_curator(CURATOR))
