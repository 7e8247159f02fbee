"""An office with an account and a bank's columns, and what it booked."""

import pytest

from siweb.audit.actor import SYSTEM
from siweb.collection.statements.mapping import keep_mapping
from siweb.collection.statements.reading.csv_mapping import CsvMapping
from tests.bills import PACK_REGION
from tests.collection.statements.make_statements import import_file, register
from tests.conftest import NOW
from tests.factories import make_region

MAPPING = CsvMapping(
    day="交易日期",
    credit="收入金额",
    payer_name="对方户名",
    payer_account="对方账号",
    remittance=("摘要",),
    entry_id="流水号",
)


@pytest.fixture
def office(session, tmp_path):
    """Import statements; the answer has what was booked, in fen, and why the rest was held."""
    make_region(session, PACK_REGION)
    register(session)
    keep_mapping(session, PACK_REGION, "A", MAPPING, actor=SYSTEM, at=NOW)
    numbers = iter(range(1_000))

    def load(content, **how):
        name = f"file{next(numbers)}"
        return import_file(session, tmp_path, content, PACK_REGION, name=name, **how)

    return load
