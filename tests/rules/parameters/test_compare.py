import pytest

from siweb.rules.parameters.compare import ChangeKind, compare_rows
from tests.rules.packs import limits, packs_of


def rows_of(*texts):
    return packs_of(city=texts).rows("320100")


def changes(before, after):
    return [(each.kind, each.key[2], each.rewrites) for each in compare_rows(before, after)]


def test_the_kinds_of_change_have_the_words_that_commands_print():
    assert [kind.value for kind in ChangeKind] == ["added", "removed", "changed"]


def test_the_same_rows_do_not_differ_whatever_their_order():
    one, other = limits(), limits(effective_from='"2026-07"', published_on="2026-06-30")

    assert compare_rows(rows_of(one, other), rows_of(other, one)) == []


def test_a_row_that_came_or_went():
    one, other = limits(), limits(effective_from='"2026-07"', published_on="2026-06-30")

    assert changes(rows_of(one), rows_of(one, other)) == [(ChangeKind.ADDED, "2026-07", False)]
    assert changes(rows_of(one, other), rows_of(other)) == [(ChangeKind.REMOVED, "2025-07", True)]


@pytest.mark.parametrize("changed", [{"base_floor": '"1.00"'}, {"effective_to": '"2026-01"'},
                                     {"average_wage": '"8333.00"'}])  # fmt: skip
def test_a_row_that_says_something_else(changed):
    before, after = rows_of(limits()), rows_of(limits(**changed))

    (change,) = compare_rows(before, after)

    assert (change.kind, change.rewrites) == (ChangeKind.CHANGED, True)
    assert (change.before, change.after) == (before[0], after[0])


@pytest.mark.parametrize("changed", [{"notice": '"another"'}, {"confidence": '"practice"'},
                                     {"note": '"read again"'}])  # fmt: skip
def test_what_is_said_about_a_figure_does_not_change_it(changed):
    assert compare_rows(rows_of(limits()), rows_of(limits(**changed))) == []


@pytest.mark.parametrize("changed", [{"published_on": "2025-08-01"}, {"insurance": '"medical"'},
                                     {"effective_from": '"2025-08"'}])  # fmt: skip
def test_another_date_or_series_is_another_row(changed):
    found = compare_rows(rows_of(limits()), rows_of(limits(**changed)))

    assert sorted(each.kind for each in found) == ["added", "removed"]
    assert [(each.before is None, each.after is None) for each in found] in (
        [(True, False), (False, True)], [(False, True), (True, False)]
    )  # fmt: skip


def test_changes_come_in_the_order_of_tables_series_and_months():
    before = rows_of(limits(insurance='["pension", "medical"]'))
    after = rows_of(
        limits(effective_from='"2024-01"'), limits(insurance='"medical"', base_floor='"1"')
    )

    assert [each.key[1:3] for each in compare_rows(before, after)] == [
        (("employee", "medical"), "2025-07"),
        (("employee", "pension"), "2024-01"),
        (("employee", "pension"), "2025-07"),
    ]
