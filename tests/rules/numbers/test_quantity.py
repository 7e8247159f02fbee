from datetime import date

import pytest

from siweb.rules.numbers import quantity


@pytest.mark.parametrize(
    ("figure", "unit", "text"),
    [
        (quantity.fen(716200), "fen", "7162.00"),
        (quantity.percent(98000), "percent", "9.8%"),
        (quantity.factor(800000), "factor", "0.8"),
        (quantity.exact(70187600000000), "exact", "701876"),
        (quantity.exact(1), "exact", "0.00000001"),
        (quantity.count(3), "count", "3"),
        (quantity.days(33), "days", "33"),
        (quantity.months(186), "months", "186"),
        (quantity.day(date(2025, 7, 15)), "day", "2025-07-15"),
        (quantity.month("2025-07"), "month", "2025-07"),
        (quantity.word("up_jiao"), "word", "up_jiao"),
        (quantity.Quantity("137.25", quantity.Unit.DECIMAL), "decimal", "137.25"),
    ],
)
def test_a_figure_is_written_by_its_unit(figure, unit, text):
    assert figure.unit == unit
    assert str(figure) == text


def test_each_maker_gives_its_unit():
    made = {
        quantity.fen(1), quantity.percent(1), quantity.factor(1), quantity.exact(1),
        quantity.count(1), quantity.days(1), quantity.months(1),
        quantity.day(date(2025, 7, 15)), quantity.month("2025-07"), quantity.word("up_jiao"),
    }  # fmt: skip

    assert {figure.unit for figure in made} == set(quantity.Unit) - {quantity.Unit.DECIMAL}
    assert str(quantity.exact(70187600000000)) == "701876"
