"""What a credit settles, in its order: the month's own before any other, unpaid before paid."""

from types import SimpleNamespace

import pytest

from siweb.collection.payments import net_credit
from siweb.collection.payments.net_credit import _net, _Owed


class Netting:
    """Notes what is used for which bill, as it would be written."""

    session = None

    def __init__(self):
        self.used = []

    def use(self, bill, line, part, on):
        line.paid_fen += part
        self.used.append((bill.name, part))
        assert on == bill.name


@pytest.fixture
def netted(monkeypatch):
    monkeypatch.setattr(net_credit, "first_due_day", lambda _session, bill: bill.name)
    monkeypatch.setattr(net_credit, "_paid_with_money", lambda _session, owed: owed.line.money_fen)

    def netted(left, *months):
        """Each month: what it gives back, and name, total, paid, paid with money, its own."""
        sources = [
            (
                [
                    _Owed(
                        SimpleNamespace(name=name),
                        SimpleNamespace(total_fen=total, paid_fen=paid, money_fen=money),
                        month_fen,
                    )
                    for name, total, paid, money, month_fen in owed
                ],
                fen,
            )
            for fen, owed in months
        ]
        netting = Netting()
        _net(netting, sources, left)
        return netting.used

    return netted


@pytest.mark.parametrize(
    ("left", "months", "used"),
    [
        # The month's own on a bill of several, and no more of it.
        (60, [(60, [("a", 100, 0, 0, 60)])], [("a", 60)]),
        # Fen of a rounded total are of no month: they go wherever there is room.
        (62, [(62, [("a", 100, 0, 0, 60)])], [("a", 60), ("a", 2)]),
        (62, [(62, [("a", 60, 0, 0, 60)])], [("a", 60)]),
        # What nobody paid yet goes first, then what was paid with money, of the month.
        (50, [(50, [("a", 80, 80, 80, 80), ("b", 30, 0, 0, 30)])], [("b", 30), ("a", 20)]),
        (50, [(50, [("a", 80, 60, 60, 80)])], [("a", 20), ("a", 30)]),
        # Each month has its own, whichever comes first.
        (
            50,
            [(20, [("a", 100, 0, 0, 100)]), (30, [("b", 100, 0, 0, 100)])],
            [("a", 20), ("b", 30)],
        ),
        (25, [(20, [("a", 100, 0, 0, 100)]), (30, [("b", 100, 0, 0, 100)])], [("a", 20), ("b", 5)]),
        (0, [(20, [("a", 100, 0, 0, 100)])], []),
        (20, [(20, [("a", 100, 100, 0, 100)])], []),
    ],
)
def test_a_credit_settles_in_its_order_and_no_more_than_there_is(netted, left, months, used):
    assert netted(left, *months) == used
