"""A bill as a spreadsheet: a row for each person, both shares of each insurance."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import IO

from flask_babel import gettext as _

from siweb.collection.bills.find import WholeBill
from siweb.collection.bills.people import BilledPerson
from siweb.collection.payments.bank_reference import printed
from siweb.collection.tables.bill import Bill
from siweb.documents.spreadsheets.sheet import Cell, Fen, write_sheet
from siweb.registry.codes import Insurance
from siweb.rules.numbers.money import capital_numerals, yuan_from_fen
from siweb.web.language.formats import day, month
from siweb.web.language.labels import insurance_name


def write_bill(whole: WholeBill, payer_name: str, people: Iterable[BilledPerson]) -> IO[bytes]:
    """Return the open file of a bill; its people are read while it is written."""
    return write_people(
        printed(whole.bill.bank_reference or 0),
        [line.insurance for line in whole.lines],
        people,
        above=_above(whole.bill, payer_name),
    )


def write_people(
    title: str, insurances: list[Insurance], people: Iterable[BilledPerson], *, above: list[str]
) -> IO[bytes]:
    """Return an open file with a row for each person and month."""
    columns = [_("Name"), _("Citizen ID number"), _("Month")]
    for insurance in insurances:
        name = insurance_name(insurance.value)
        columns += [
            _("%(insurance)s: base", insurance=name),
            _("%(insurance)s: employer’s share", insurance=name),
            _("%(insurance)s: own share", insurance=name),
        ]
    columns += [_("Total employer’s share"), _("Total own share"), _("Together"), _("Paid")]
    return write_sheet(title, columns, _rows(people, insurances), above=above)


def _above(bill: Bill, payer_name: str) -> list[str]:
    return [
        f"{_('Payer')}{_(': ')}{payer_name}",
        f"{_('Month')}{_(': ')}{month(bill.contribution_month)}",
        f"{_('Last day to pay')}{_(': ')}{day(bill.due_on)}",
        f"{_('Reference of the transfer')}{_(': ')}{printed(bill.bank_reference or 0)}",
        f"{_('Total')}{_(': ')}{yuan_from_fen(bill.total_fen)} {capital_numerals(bill.total_fen)}",
    ]


def _rows(people: Iterable[BilledPerson], insurances: list[Insurance]) -> Iterator[list[Cell]]:
    yes, no = _("yes"), _("no")
    for person in people:
        for of_month, of_it in groupby(person.shares, key=attrgetter("month")):
            shares = list(of_it)
            sums = {insurance: [0, 0, 0] for insurance in insurances}
            for share in shares:
                of_insurance = sums[share.insurance]
                of_insurance[0] += share.base_fen
                of_insurance[1] += share.employer_fen
                of_insurance[2] += share.employee_fen
            employer = sum(amounts[1] for amounts in sums.values())
            own = sum(amounts[2] for amounts in sums.values())
            row: list[Cell] = [person.name, person.id_number, of_month]
            row += [Fen(fen) for amounts in sums.values() for fen in amounts]
            row += [Fen(employer), Fen(own), Fen(employer + own)]
            # An adjustment is over many months: each row says it of its own.
            yield [*row, yes if all(share.is_paid for share in shares) else no]
