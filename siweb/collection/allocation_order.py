"""In which order money is used: the one place that says so, given by the office's settings."""

from collections.abc import Iterable
from dataclasses import dataclass

from siweb.collection.bill import Bill, BillLine
from siweb.registry.words import Insurance


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
