"""In which order money is used: the one place that says so, given by the office's settings.

Sessions carry it (`in_order_of`), so that whoever uses money uses it in the same order.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy.orm import Session

from siweb.collection.tables.bill import Bill, BillLine
from siweb.registry.codes import Insurance
from siweb.settings import SettingError, Settings

_OLDEST, _LATE_FEE = "oldest", "late_fee"
_CARRIED = "siweb_allocation_order"


@dataclass(frozen=True, slots=True)
class AllocationOrder:
    """Which bill first, premium or late fee first, which insurance first.

    The bill that the payer named goes before older ones unless `oldest_first`.
    """

    oldest_first: bool = False
    late_fee_first: bool = False
    insurances: tuple[Insurance, ...] = tuple(Insurance)

    def bills(self, bills: Iterable[Bill], named: Bill | None = None) -> list[Bill]:
        """Return the bills in the order in which they are paid."""
        named_id = None if self.oldest_first or named is None else named.id
        return sorted(bills, key=lambda bill: (bill.id != named_id, bill.due_on, bill.id))

    def lines(self, lines: Iterable[BillLine]) -> list[BillLine]:
        """Return a bill's lines in the order in which they are paid."""
        return sorted(lines, key=lambda line: self.insurances.index(line.insurance))


IN_ORDER_OF_LAW = AllocationOrder()
"""What holds where the office sets nothing else: named bill, premium, then late fee."""


def in_order_of(settings: Settings) -> dict[Any, Any]:
    """Return what sessions carry, so that money is used in the order that the settings say.

    :raises SettingError: for a word that says nothing about an order.
    """
    said = [one.strip() for one in settings.allocation_order.split(",") if one.strip()]
    known = {_OLDEST, _LATE_FEE, *Insurance}
    wrong = [one for one in said if one not in known or said.count(one) > 1]
    if wrong:
        raise SettingError(
            f"SIWEB_ALLOCATION_ORDER says {wrong[0]!r}: name each of these at most once, with "
            f"commas between: {', '.join([_OLDEST, _LATE_FEE, *Insurance])}."
        )
    first = [Insurance(one) for one in said if one not in {_OLDEST, _LATE_FEE}]
    rest = [one for one in Insurance if one not in first]
    order = AllocationOrder(_OLDEST in said, _LATE_FEE in said, (*first, *rest))
    return {_CARRIED: order}


def order_in(session: Session) -> AllocationOrder:
    """Return the order in which a session's office uses money."""
    return cast("AllocationOrder", session.info.get(_CARRIED, IN_ORDER_OF_LAW))
