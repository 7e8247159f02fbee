"""What the page of a write-off says, as names and values in the order it shows them."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from siweb.collection.arrears.write_off import OpenAmounts, lines_of
from siweb.collection.tables.arrears import WriteOff
from siweb.desk.arrears.labels import CAUSES
from siweb.web.language.formats import day, yuan
from siweb.web.language.labels import INSURANCES

Fact = tuple[Any, str]


def open_facts(found: OpenAmounts) -> Iterator[Fact]:
    """Yield what would be written off today."""
    for insurance, fen in found.lines.items():
        yield INSURANCES[insurance], yuan(fen)
    yield _("Late fee to this day"), yuan(found.late_fee_fen)
    yield _("To be written off"), yuan(found.total_fen)


def write_off_facts(session: Session, row: WriteOff) -> Iterator[Fact]:
    """Yield what was written off, when and why."""
    yield _("Written off on"), day(row.written_off_on)
    for insurance, fen in lines_of(session, row).items():
        yield INSURANCES[insurance], yuan(fen)
    yield _("Late fee to that day"), yuan(row.late_fee_fen)
    yield _("Written off"), yuan(row.premium_fen + row.late_fee_fen)
    yield _("Why it cannot be collected"), str(CAUSES[row.cause])
    yield _("Legal basis"), row.legal_basis
    yield _("Approved by"), row.decided_by
