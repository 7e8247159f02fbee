"""What an employer files, by the message that it leads to."""

from typing import Any

from siweb.filings.drafts.import_sheet import finish_reading
from siweb.messages.kinds.filings import FILING_ACCEPTED, FILING_FINDINGS, FILING_WITHDRAWN
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from tests.conftest import NOW
from tests.filings.test_filing import hire
from tests.messages.deeds.said_and_undone import withdraw_filing


def file(office: Any) -> Employer:
    filing, _rows = office.draft("hire", hire())
    office.send(filing)
    return office.employer


def file_with_wrong_row(office: Any) -> Employer:
    filing, _rows = office.draft("hire", hire(), hire(id_number="1"))
    filing.origin = "api"
    office.send(filing)
    return office.employer


def read_wrong_sheet(office: Any) -> Employer:
    filing, _rows = office.draft("hire", hire(id_number="1"))
    filing.origin, filing.totals = "sheet", {"codes": {"refused": 1}}
    finish_reading(office.session, filing, packs=packs_in_force(office.session), at=NOW)
    return office.employer


FILED = {
    FILING_ACCEPTED: (file,),
    FILING_WITHDRAWN: (withdraw_filing,),
    FILING_FINDINGS: (file_with_wrong_row, read_wrong_sheet),
}
