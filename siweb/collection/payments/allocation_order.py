"""In which order money is used: the one place that says so, given by the office's settings.

Entry points read it from the settings (`order_of`; views have it from the app, `office_order.py`)
and pass it down: whoever uses money uses it in the same order.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from siweb.collection.tables.bill import Bill, BillLine
from siweb.registry.codes import Insurance
from siweb.settings import SettingError, Settings

_OLDEST, _LATE_FEE = "oldest", "late_fee"


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
        # Months that are due together are paid one after another, however late one was billed.
        return sorted(
            bills,
            key=lambda bill: (bill.id != named_id, bill.due_on, bill.contribution_month, bill.id),
        )

    def lines(self, lines: Iterable[BillLine]) -> list[BillLine]:
        """Return a bill's lines in the order in which they are paid."""
        return sorted(lines, key=lambda line: self.insurances.index(line.insurance))


IN_ORDER_OF_LAW = AllocationOrder()
"""What holds where the office sets nothing else: named bill, premium, then late fee."""


def order_of(settings: Settings) -> AllocationOrder:
    """Return the order in which an office uses money.

    :raises SettingError: for a word that names nothing of an order.
    """
    words = [word.strip() for word in settings.allocation_order.split(",") if word.strip()]
    allowed = {_OLDEST, _LATE_FEE, *Insurance}
    wrong = [word for word in words if word not in allowed or words.count(word) > 1]
    if wrong:
        raise SettingError(
            f"SIWEB_ALLOCATION_ORDER has {wrong[0]!r}: name each of these at most once, with "
            f"commas between: {', '.join([_OLDEST, _LATE_FEE, *Insurance])}."
        )
    first = [Insurance(word) for word in words if word not in {_OLDEST, _LATE_FEE}]
    rest = [insurance for insurance in Insurance if insurance not in first]
    return AllocationOrder(_OLDEST in words, _LATE_FEE in words, (*first, *rest))
