"""Pictures of numbers are drawn in whole numbers, and nothing stands outside of them."""

import pytest

from siweb.web.charts.columns import HEIGHT, TALL, Column, draw_columns
from siweb.web.charts.marks import Grid, Mark, MarkRow
from siweb.web.charts.progress import Progress
from siweb.web.charts.scale import per_cent, pixels


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 240, "0.0%"),
        (114, 240, "47.5%"),
        (1, 3, "33.3%"),
        (240, 240, "100.0%"),
        (300, 240, "100.0%"),
        (-1, 240, "0.0%"),
        (5, 0, "0.0%"),
    ],
)
def test_a_part_is_at_least_nothing_and_at_most_all(part, whole, text):
    assert per_cent(part, whole) == text


@pytest.mark.parametrize(("part", "height"), [(100, 96), (50, 48), (1, 1), (0, 0), (-5, 0)])
def test_the_smallest_part_is_seen_and_nothing_is_not(part, height):
    assert pixels(part, 10_000 if part == 1 else 100, HEIGHT) == height


@pytest.mark.parametrize("height", [HEIGHT, TALL])
def test_series_stand_on_each_other_and_the_highest_fills_the_picture(height):
    rows = [Column("2025", (50, 0)), Column("2026", (75, 25))]
    chart = draw_columns(("a", "b"), rows, height)

    low, high = chart.columns
    assert [piece.height for piece in low.pieces] == [height // 2]
    assert sum(piece.height for piece in high.pieces) == height
    first, second = high.pieces
    assert second.y + second.height == first.y
    assert first.y + first.height == chart.ground
    assert chart.top == second.y == chart.ground - height


def test_what_is_below_nothing_is_not_drawn_but_stands_in_the_table():
    chart = draw_columns(("a",), [Column("2025", (10,)), Column("2026", (-10,))])

    assert chart.columns[1].pieces == ()
    assert chart.rows[1].values == (-10,)


def test_nothing_is_an_empty_picture():
    assert draw_columns(("a",), []).columns == ()
    assert draw_columns(("a",), [Column("2026", (0,))]).columns[0].pieces == ()


@pytest.mark.parametrize(("years", "labelled"), [(7, 7), (8, 4), (31, 7)])
def test_of_many_columns_some_are_labelled_the_last_always(years, labelled):
    chart = draw_columns(("a",), [Column(str(1990 + each), (1,)) for each in range(years)])

    labels = [column.label for column in chart.columns if column.label]
    assert (len(labels), labels[-1]) == (labelled, str(1989 + years))


def test_the_key_names_each_mark_once():
    paid, missing = Mark("p", "✓", "paid"), Mark("m", "!", "missing")
    rows = (MarkRow("umbrella", "a", (paid, missing)), MarkRow("helmet", "b", (missing, paid)))

    assert Grid((("1", "January"), ("2", "February")), rows).key == [paid, missing]


@pytest.mark.parametrize(("reached", "missing"), [(0, 240), (114, 126), (240, 0), (300, 0)])
def test_what_is_missing_is_never_below_nothing(reached, missing):
    assert Progress(reached, 240).missing == missing
