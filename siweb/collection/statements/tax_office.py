"""The tax office collects in most provinces: it gets what is due, and reports what was paid.

What is due leaves as a CSV with one line per bill and insurance that the region's pack says the tax
office collects; what was paid comes back as a CSV in the columns of `PAID`, or in those of a
mapping that the office keeps for its tax office.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from siweb.collection.payments.tax_collection import INSURANCE_NAMES, collected_by_tax_office
from siweb.collection.statements.reading.csv_mapping import CsvMapping
from siweb.collection.tables.bill import Bill, BillLine
from siweb.documents.spreadsheets.csv_lines import BEGINNING, csv_line
from siweb.documents.spreadsheets.sheet import neutral
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_identity import PersonIdentity
from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.parameters.pack_set import PackSet

HEADINGS = (
    "缴费单号",
    "缴费人代码",
    "缴费人名称",
    "费款所属期起",
    "费款所属期止",
    "险种",
    "人数",
    "缴费基数",
    "单位应缴",
    "个人应缴",
    "应缴合计",
    "缴费期限",
)
PAID = CsvMapping(
    day="入库日期",
    credit="实缴金额",
    payer_name="缴费人名称",
    remittance=("缴费单号",),
    # One receipt is over several insurances of a bill.
    extra=("险种",),
    entry_id="电子税票号码",
)
"""How the tax office's list of payments is read where the office keeps no other mapping."""
# Streamed to the file: a region's due list is hundreds of thousands of lines.
_AT_A_TIME = 2_000


def due_lines(
    session: Session, region_code: str, month: str, *, packs: PackSet
) -> Iterator[tuple[str, int]]:
    """Yield the lines of the CSV of a month's bills with their fen, the heading first.

    Every issued bill of the month is in it, adjustments too: the tax office replaces what it had
    by the number of the bill.
    """
    yield BEGINNING + csv_line(HEADINGS), 0
    rows = session.execute(_due(region_code, month, packs))
    for reference, uscc, number, name, first, last, insurance, heads, *amounts, due_on in rows:
        line = csv_line(
            (
                f"{reference:012d}",
                uscc or number,
                neutral(name),
                first,
                last,
                INSURANCE_NAMES[insurance],
                heads,
                *(yuan_from_fen(amount) for amount in amounts),
                due_on,
            )
        )
        yield line, int(amounts[-1])


def _due(region_code: str, month: str, packs: PackSet) -> Select[*tuple[Any, ...]]:
    """Return the statement of what is due, a line for each bill and insurance."""
    fen = BillLine.employer_fen + BillLine.employee_fen
    return (
        select(
            Bill.bank_reference,
            Employer.uscc,
            PersonIdentity.number,
            func.coalesce(Employer.name, Person.name),
            Bill.contribution_month,
            Bill.through_month,
            BillLine.insurance,
            BillLine.headcount,
            BillLine.base_fen,
            BillLine.employer_fen,
            BillLine.employee_fen,
            fen,
            Bill.due_on,
        )
        .join(Bill, Bill.id == BillLine.bill_id)
        .outerjoin(Employer, Employer.id == Bill.employer_id)
        .outerjoin(Person, Person.id == Bill.person_id)
        .outerjoin(PersonIdentity, PersonIdentity.person_id == Bill.person_id)
        .where(
            Bill.region_code == region_code,
            Bill.contribution_month == month,
            Bill.issued_at.is_not(None),
            BillLine.insurance.in_(collected_by_tax_office(packs, region_code, month)),
        )
        .order_by(Bill.id, BillLine.insurance)
        .execution_options(yield_per=_AT_A_TIME)
    )
