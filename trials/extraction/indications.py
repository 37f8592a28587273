"""What the cells are given for: what the conditions and titles name."""

from __future__ import annotations

from collections.abc import Iterable

from trials.extraction.passages import Passage, Texts
from trials.extraction.readings import Reading, reading

KIND = "indication"
# A more exact word makes these superfluous.
LESSER = {
    "osteoarthritis": frozenset(
        {
            "knee-osteoarthritis",
            "hip-osteoarthritis",
            "ankle-osteoarthritis",
            "shoulder-osteoarthritis",
            "hand-osteoarthritis",
            "temporomandibular-disorder",
        }
    ),
    "tendinopathy": frozenset({"rotator-cuff-tear"}),
}
_JOINTS = {
    "knee": "knee-osteoarthritis",
    "hip": "hip-osteoarthritis",
    "ankle": "ankle-osteoarthritis",
    "shoulder": "shoulder-osteoarthritis",
}
_GENERAL = "other-musculoskeletal"
# "Knee" or "bone" alone may be about anything: such a study is for a person to look at.
_WEAK_SURE = {_GENERAL: 0.65}


def read_indications(texts: Texts) -> list[Reading]:
    """The indications; nothing where none is of bones, joints, muscles or spine."""
    passages = [*texts.conditions, *texts.titles]
    best = _said(passages, "said")
    _place_osteoarthritis(best, texts)
    exact = {slug: one for slug, one in best.items() if slug != _GENERAL}
    if not exact:
        weak = _said(passages, "weak")
        exact = {slug: one for slug, one in weak.items() if slug != _GENERAL} or best or weak
    for lesser, greater in LESSER.items():
        if not greater.isdisjoint(exact):
            exact.pop(lesser, None)
    return list(exact.values())


def _said(passages: Iterable[Passage], section: str) -> dict[str, Reading]:
    best: dict[str, Reading] = {}
    for passage in passages:
        for found in passage.of("indications"):
            if found.section == section and found.value not in best:
                sure = _WEAK_SURE.get(found.value, 0.85) if section == "weak" else 1.0
                span = (found.start, found.end)
                best[found.value] = reading(
                    KIND, found.value, passage, span, rule=section, sure=sure
                )
    return best


def _place_osteoarthritis(best: dict[str, Reading], texts: Texts) -> None:
    """Osteoarthritis without a joint is of the joint that titles, conditions or keywords name."""
    general = best.get("osteoarthritis")
    if general is None or not LESSER["osteoarthritis"].isdisjoint(best):
        return
    for passages in (
        (*texts.titles, *texts.conditions, *texts.keywords),
        texts.given,
        texts.summary,
    ):
        joints = {
            slug for passage in passages for joint, slug in _JOINTS.items() if joint in passage.text
        }
        if (passages is not texts.given and passages is not texts.summary) or len(joints) == 1:
            for slug in sorted(joints):
                best[slug] = general._replace(
                    value=slug, rule=general.rule.replace("said", "joint")
                )
        if joints:
            return
