"""The page on data protection says what the code does: what goes by itself, when, and by what."""

import re

from siweb import schema
from siweb.cli.operation import day
from siweb.db.sealing.columns import Sealed
from siweb.portal.about.retention import RETENTION

ROW = re.compile(r'<tr><th scope="row">([^<]+)</th><td data-is="After">([\d,]+) days?</td></tr>')
# What the page means by numbers: of people, and of their cards.
NUMBERS = {"person_identity.number", "former_number.number", "hire_report.sealed_number"}
CARDS = {"pension_application.bank_card"}


def test_every_rule_is_shown_with_its_span_and_runs_every_day(client):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = client.get("/privacy").text.partition("How long it stays")[2].partition("<h2>")[0]

    shown = {what.strip(): int(days.replace(",", "")) for what, days in ROW.findall(page)}

    assert shown == {str(kept.what): kept.span.days for kept in RETENTION}
    runs = {value for name, value in vars(day).items() if name.startswith("forget_")}
    # What a day deletes is on the page, and what is on the page a day deletes.
    assert runs == {kept.by for kept in RETENTION}
    assert [kept.span for kept in RETENTION] == sorted(kept.span for kept in RETENTION)


def test_the_numbers_that_the_page_calls_encrypted_are():
    sealed = {
        f"{table.name}.{column.name}"
        for table in schema.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed)
    }

    assert sealed >= NUMBERS | CARDS
    # No other column is named as if it held a person's number in clear.
    assert not [
        f"{table.name}.{column.name}"
        for table in schema.metadata.sorted_tables
        for column in table.columns
        if column.name in {"id_number", "bank_card"} and not isinstance(column.type, Sealed)
    ]
