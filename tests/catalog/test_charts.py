"""Counts as bars: which are shown, how long they are, what they ask for."""

from catalog.charts import TOP, Bar, chart, numbers, share, years
from catalog.filters import FacetRow


def row(value: str, count: int, *, depth: int = 0, query: str = "") -> FacetRow:
    return FacetRow(value, value.title(), count, False, depth, lambda: query or f"x={value}")


def counted(bars: tuple[Bar, ...]) -> list[tuple[str, int]]:
    return [(bar.value, bar.count) for bar in bars]


def test_a_bar_has_the_words_the_number_and_the_question_of_its_row() -> None:
    drawn = chart("phase", [row("PHASE1", 5, query="sponsor=x&phase=PHASE1")], count=5)
    assert drawn.bars == (Bar("PHASE1", "Phase1", 5, "sponsor=x&phase=PHASE1", 100),)


def test_bars_are_shares_of_the_longest_in_the_order_of_the_rows() -> None:
    drawn = chart("phase", [row("PHASE1", 5), row("PHASE2", 20), row("not-stated", 10)], count=35)
    assert [(bar.value, bar.length) for bar in drawn.bars] == [
        ("PHASE1", 25),
        ("PHASE2", 100),
        ("not-stated", 50),
    ]


def test_a_value_that_no_trial_has_is_no_bar() -> None:
    drawn = chart("status", [row("COMPLETED", 1), row("WITHDRAWN", 0)], count=1)
    assert counted(drawn.bars) == [("COMPLETED", 1)]


def test_one_trial_among_thousands_is_still_seen() -> None:
    assert [share(1, 9000), share(9000, 9000), share(0, 9000), share(0, 0)] == [1, 100, 0, 0]


def test_a_chart_says_that_a_trial_may_count_twice_only_where_one_does() -> None:
    rows = [row("PHASE1", 5), row("PHASE2", 5)]
    assert [chart("phase", rows, count=10).overlaps, chart("phase", rows, count=9).overlaps] == [
        False,
        True,
    ]


def test_of_a_tree_the_most_frequent_are_shown_and_what_is_not_stated_last() -> None:
    rows = [row(f"source-{n}", n) for n in range(TOP + 3)]
    drawn = chart("cell_source", [row("not-stated", 99), *rows], count=99)
    assert counted(drawn.bars) == [
        *((f"source-{n}", n) for n in range(TOP + 2, 2, -1)),
        ("not-stated", 99),
    ]
    assert drawn.partial


def test_parts_of_a_tissue_and_the_root_of_all_indications_are_no_bars() -> None:
    sources = [row("adipose", 3), row("svf", 2, depth=1)]
    diseases = [row("musculoskeletal", 9), row("osteoarthritis", 4, depth=1), row("not-stated", 1)]
    assert counted(chart("cell_source", sources, count=3).bars) == [("adipose", 3)]
    assert counted(chart("indication", diseases, count=9).bars) == [
        ("osteoarthritis", 4),
        ("not-stated", 1),
    ]


def test_years_run_from_the_first_to_the_last_with_those_between() -> None:
    rows = (row("2019", 4), row("2016", 2), row("not-stated", 3))
    drawn = years({"start_year": rows}, count=9)
    assert drawn is not None
    assert counted(drawn.bars) == [("2016", 2), ("2017", 0), ("2018", 0), ("2019", 4)]
    assert [bar.query for bar in drawn.bars] == ["x=2016", "", "", "x=2019"]
    assert drawn.unstated == 3


def test_a_mistyped_year_does_not_draw_a_century_of_nothing() -> None:
    drawn = years({"start_year": (row("2019", 4), row("1016", 1))}, count=5)
    assert drawn is not None
    assert counted(drawn.bars) == [("1016", 1), ("2019", 4)]


def test_no_years_are_drawn_where_no_trial_says_one() -> None:
    assert years({}, count=2) is None
    assert years({"start_year": (row("not-stated", 2), row("2016", 0))}, count=2) is None


def test_a_single_trial_has_no_charts() -> None:
    facets = {"phase": (row("PHASE1", 1),)}
    assert numbers(facets, 1, "phase") is None


def test_a_page_has_the_charts_that_it_asks_for_and_none_that_is_empty() -> None:
    facets = {"phase": (row("PHASE1", 2),), "status": (), "start_year": (row("2016", 2),)}
    drawn = numbers(facets, 2, "phase", "status", "cell_source")
    assert drawn is not None
    assert [one.parameter for one in drawn.charts] == ["phase"]
    assert drawn.years == years(facets, 2)
