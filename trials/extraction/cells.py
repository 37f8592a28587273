"""Whether a study gives living cells, only what cells make, or neither."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from trials.extraction.passages import Part, Passage, Texts
from trials.extraction.phrases import Found
from trials.extraction.quantities import quantities
from trials.extraction.readings import Reading, reading
from trials.extraction.sources import OF_BIRTH, top
from trials.extraction.tables import signs

KIND = "cell_therapy"
MOST_CODES = 50  # names that are looked for: no product has more
# Kinds of interventions that are given; a device or a test is not.
_PRODUCTS = frozenset({"BIOLOGICAL", "DRUG", "PROCEDURE", "COMBINATION_PRODUCT", "GENETIC"})
_ONES_OWN = ("'s own ", "their own ")
_NO_GIVING_AFTER = signs("cells", "no_giving_after")
_COLLECTED_AFTER = signs("cells", "collected_after")
_DRAWN_NEAR = signs("cells", "drawn_near")
_NOTHING = signs("cells", "nothing")
_FOR_WHOM = signs("cells", "for_whom")
_BIRTH_WORDS = signs("cells", "birth_words")
_PUT_IN = signs("cells", "put_in")
YES, CELL_FREE = "yes", "cell-free"
# What a person is told to have been given, where a study has no interventions.
_TREATED = signs("cells", "treated")
_NOT_GIVEN = signs("cells", "not_given")
_IN_PLACE = signs("cells", "in_place")
_BEFORE_PATIENTS = signs("cells", "before_patients")
_JOINED = signs("cells", "joined")

Order = Iterable[tuple[Passage, float]]  # passages, and how surely each names what is given


def read_cell_therapy(texts: Texts) -> list[Reading]:
    """The verdict: "yes" or "cell-free"; nothing where no cells are given."""
    if _is_laboratory(texts):
        return []
    order = list(_order(texts))
    free = _named(order, "cell-free")
    cells = _named(order, "given") or _product(order)
    if free is not None and cells is not None and _explains(cells, free):
        return [free]
    in_titles = any(
        one.section == "cell-free" for passage in texts.titles for one in passage.of("cells")
    )
    if cells is not None and (free is None or in_titles or not cells.place.endswith("Title")):
        return [cells]
    free = free or _birth_tissue(texts, order)
    if free is not None:
        return [free]
    one = _blood_graft(texts) or _by_code(texts) or _by_number(texts)
    return [one] if one is not None else []


def _explains(cells: Reading, free: Reading) -> bool:
    """Whether a tissue's cells are only described where the name says what they make."""
    of_tissue = "-product-" in cells.rule and cells.place.endswith("description")
    return of_tissue and free.place.endswith((".name", ".label"))


def first_mention(texts: Texts) -> Reading | None:
    """Cells that a study names without giving any: the first words of them."""
    for passage in (*texts.titles, *texts.given, *texts.compared, *texts.keywords):
        for found in (*passage.of("cells"), *passage.of("sources")):
            if found.section not in ("not-ours", "tissue", "weak"):
                return reading(KIND, "no", passage, (found.start, found.end), rule="background")
    return None


def is_blood_graft(texts: Texts) -> bool:
    """Whether blood-forming cells are all that is given."""
    return _blood_graft(texts) is not None and _named(_order(texts), "given") is None


def _is_laboratory(texts: Texts) -> bool:
    """Whether cells are taken or looked at, and nobody is given any."""
    study = texts.study
    title = " ".join(passage.text for passage in texts.titles)
    if _is_of_defence(texts) or any(
        "endogenous" in passage.text and passage.says("studying", 0, len(passage.text))
        for passage in texts.titles
    ):
        return True
    of_donors = any(
        "healthy" in passage.text or "donor" in passage.text for passage in texts.conditions
    ) or any("healthy" in passage.text and "donor" in passage.text for passage in texts.keywords)
    if of_donors and _is_studying(texts):
        return True
    if (
        any(
            passage.text.startswith("healthy") or "donor" in passage.text
            for passage in texts.conditions
        )
        and study.study_type == "OBSERVATIONAL"
    ):
        return True
    nothing = not study.interventions or all(
        passage.text in _NOTHING for passage in texts.given if passage.place.endswith(".name")
    )
    if study.study_type == "OBSERVATIONAL" or nothing:
        treated = any(sign in title for sign in _TREATED)
        return not (treated and not _is_studying(texts)) and not _treats_in_arms(texts)
    return False


def _is_studying(texts: Texts) -> bool:
    return any(
        passage.says("studying", 0, len(passage.text))
        or any(sign in passage.text for sign in _BEFORE_PATIENTS)
        for passage in texts.titles
    )


def _treats_in_arms(texts: Texts) -> bool:
    """Whether the arms or interventions of an observed group were given cells."""
    if _is_studying(texts):
        return any(_names_cells(one) for one in texts.given if _tells_of_treating(one))
    products = any(one.type in _PRODUCTS for one in texts.study.interventions)
    return any(
        _names_cells(one)
        for one in texts.given
        if (products and one.place.startswith("interventions")) or _tells_of_treating(one)
    )


def _tells_of_treating(passage: Passage) -> bool:
    given = passage.says("giving", 0, len(passage.text))
    return given or any(sign in passage.text for sign in ("follow up", "who received", "treated"))


def _names_cells(passage: Passage) -> bool:
    spoken = (one for one in passage.of("cells") if one.section in ("given", CELL_FREE))
    if any(_is_given(passage, one) for one in spoken):
        return True
    return any(
        one.section == "named" and not _is_drawn(passage, one) for one in passage.of("sources")
    )


def _is_of_defence(texts: Texts) -> bool:
    """Whether lymphocytes, CAR-T cells and the like are the product: titles name no others."""
    found = [one for passage in texts.titles for one in passage.of("cells")]
    return any(one.section == "not-ours" and one.value == "defence" for one in found) and not any(
        one.section == "given" for one in found
    )


def _order(texts: Texts) -> Order:
    """Names first, then what is said of them, then the titles."""
    for part, sure in ((Part.GIVEN, 1.0), (Part.HOW, 1.0)):
        yield from ((passage, sure) for passage in texts.given if passage.part is part)
    if not _is_studying(texts):
        yield from ((passage, 0.9) for passage in texts.titles if _speaks_of_giving(passage))


def _speaks_of_giving(passage: Passage) -> bool:
    return passage.says("giving", 0, len(passage.text)) or any(
        sign in passage.text for sign in _FOR_WHOM
    )


def _named(order: Order, section: str) -> Reading | None:
    value = YES if section == "given" else CELL_FREE
    for passage, sure in order:
        for found in passage.of("cells"):
            if found.section == section and _is_given(passage, found):
                return reading(KIND, value, passage, (found.start, found.end), sure=sure)
    return None


def _product(order: Order) -> Reading | None:
    """A product or a tissue's cells by their own name: "BMAC", "Lipogems", "chondrocytes"."""
    for passage, sure in order:
        for found in passage.of("sources"):
            if (
                found.section != "named"
                or found.value == "other"
                or (top(found.value) in OF_BIRTH and not _is_brand(passage, found))
            ):
                continue
            if found.value == "peripheral-blood" and passage.part is Part.HOW:
                continue  # drawn for tests, or the graft that a drug's patients had anyway
            if _is_given(passage, found) and not _is_drawn(passage, found):
                return reading(
                    KIND, YES, passage, (found.start, found.end), rule="product", sure=sure * 0.95
                )
    return None


def _is_brand(passage: Passage, found: Found) -> bool:
    """Whether the words name a product or cells, and not the tissue alone."""
    words = passage.text[found.start : found.end]
    of_cells = passage.text.startswith((" cell", "cell"), found.end) or "cell" in words
    return of_cells or not any(sign in words for sign in _BIRTH_WORDS)


def _is_drawn(passage: Passage, found: Found) -> bool:
    """Blood or marrow taken for tests, and cells that are made into something else."""
    near = passage.text[max(0, found.start - 60) : found.end + 60]
    return any(sign in near for sign in _DRAWN_NEAR)


def _is_given(passage: Passage, found: Found) -> bool:
    text = passage.text
    if found.section in ("given", "named") and _makes_something(passage, found):
        return False
    own = text.endswith(_ONES_OWN, 0, found.start)
    if text.endswith(_NOT_GIVEN, 0, found.start) and not own:
        return False
    if text.startswith(_NO_GIVING_AFTER, found.end):
        return False
    if passage.part is Part.HOW:
        return not (_is_in_place(passage, found) or _is_only_collected(passage, found))
    return True


def _is_only_collected(passage: Passage, found: Found) -> bool:
    """Whether the cells "are collected", and nothing is said of giving them."""
    collected = passage.text.startswith(_COLLECTED_AFTER, found.end)
    return collected and not passage.says("giving", 0, len(passage.text))


def _is_in_place(passage: Passage, found: Found) -> bool:
    """Whether the cells are the body's own where they are, or taken to be looked at."""
    near = passage.text[max(0, found.start - 80) : found.end + 80]
    return any(sign in near for sign in _IN_PLACE)


def _makes_something(passage: Passage, found: Found) -> bool:
    """Whether the words go on to what the cells make: "mesenchymal stem cell-derived exosomes"."""
    text = passage.text
    around = passage.within("cells", max(0, found.start - 100), found.end + 46)
    return any(_is_of(text, one, found) for one in around if one.section == "cell-free")


def _is_of(text: str, made: Found, cells: Found) -> bool:
    """Whether what is made is said to be of the cells: right after them, or "made from" them."""
    if made.start < cells.end and cells.start < made.end:
        return True
    if 0 <= made.start - cells.end <= 45:
        between = text[cells.end : made.start]
        return not any(sign in between for sign in _JOINED)
    between = text[made.end : cells.start]
    if len(between) <= 1:  # "exosome-MSC"
        return True
    derived = any(sign in between for sign in ("from", " of ", "derived"))
    return (
        len(between) <= 60
        and derived
        and not any(sign in between for sign in (" and ", " plus ", "+"))
    )


def _birth_tissue(texts: Texts, order: Order) -> Reading | None:
    """Cord or amnion put in as it is, with no word of cells: the tissue, not a cell product."""
    cells = any(
        found.section == "given"
        for passage in (*texts.keywords, *texts.summary)
        for found in passage.of("cells")
    )
    value = YES if cells else CELL_FREE
    for passage, sure in order:
        found = next((one for one in passage.of("sources") if top(one.value) in OF_BIRTH), None)
        if found is not None and _is_put_in(passage):
            span = (found.start, found.end)
            return reading(KIND, value, passage, span, rule="tissue", sure=sure * 0.6)
    return None


def _is_put_in(passage: Passage) -> bool:
    """Whether a tissue is named as what is given: no membrane, no cord that is clamped."""
    return (
        passage.part <= Part.GIVEN
        and any(sign in passage.text for sign in _PUT_IN)
        and not any(sign in passage.text for sign in ("membrane", "clamp", "milking"))
    )


def _blood_graft(texts: Texts) -> Reading | None:
    """A graft of blood-forming cells that is itself the treatment: in a title and a name."""
    if not any(
        one.section == "blood-graft" for passage in texts.titles for one in passage.of("cells")
    ):
        return None
    for passage in texts.given:
        if passage.part is Part.GIVEN:
            for found in passage.of("cells"):
                if found.section == "blood-graft" and not passage.text.startswith(
                    (" recipient", " donor"), found.end
                ):
                    return reading(
                        KIND, YES, passage, (found.start, found.end), rule="blood-graft", sure=0.7
                    )
    return None


def _by_code(texts: Texts) -> Reading | None:
    """A code name that another text explains: "EN001 (allogeneic … mesenchymal stem cells)"."""
    if _is_studying(texts):
        return None
    codes = _codes(texts)
    if not codes:
        return None
    for passage in (*texts.summary, *texts.description, *texts.keywords):
        said = sorted(_places(passage.text, codes))
        for found in passage.of("cells"):
            if found.section not in ("given", "cell-free") or (
                found.section == "given" and _makes_something(passage, found)
            ):
                continue
            begin, stop = passage.sentence(found.start, found.end)
            explained = passage.part is Part.KEYWORD or (
                _holds_one(said, begin, stop) and not _is_in_place(passage, found)
            )
            if explained:
                value = YES if found.section == "given" else CELL_FREE
                return reading(
                    KIND, value, passage, (found.start, found.end), rule="code", sure=0.8
                )
    return None


def _places(text: str, codes: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where the codes begin and end in the text."""
    for code in codes:
        start = text.find(code)
        while start >= 0:
            yield start, start + len(code)
            start = text.find(code, start + len(code))


def _holds_one(places: list[tuple[int, int]], begin: int, stop: int) -> bool:
    """Whether one of these places, in their order, lies between the two."""
    following = bisect_left(places, (begin, begin))
    return following < len(places) and places[following][1] <= stop


def _codes(texts: Texts) -> list[str]:
    """Names that explain nothing by themselves: of letters and digits, or one odd word."""
    codes = set()
    for passage in texts.given:
        if passage.place.endswith((".name", ".label")):
            codes |= {
                word.strip("(),:")
                for word in passage.text.split()
                if any(map(str.isdigit, word)) and any(map(str.isalpha, word)) and len(word) > 3
            }
            if 3 < len(passage.text) < 20 and " " not in passage.folded.written.strip():
                codes.add(passage.text)
    for passage in texts.titles:
        codes |= {
            word.strip("(),:")
            for word in passage.text.split()
            if sum(map(str.isdigit, word)) > 1
            and sum(map(str.isalpha, word)) > 1
            and "covid" not in word
        }
    return sorted(codes - {"", "covid 19", "covid"})[:MOST_CODES]


def _by_number(texts: Texts) -> Reading | None:
    """A product that is given in numbers of cells is one of cells."""
    for passage in texts.given:
        for one in quantities(passage.folded.written):
            after = passage.folded.written[one.end : one.end + 25].lower()
            if " cells" in f" {after}" or "msc" in after:
                start = passage.folded.folded_place(one.start)
                return reading(
                    KIND,
                    YES,
                    passage,
                    (start, max(start + 1, passage.folded.folded_place(one.end))),
                    rule="number",
                    sure=0.7,
                )
    return None
