"""Sentences about bank statements, for the desk's pages and for the command."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from siweb.collection.payments.tax_collection import TAX_OFFICE
from siweb.collection.tables.held_entry import HeldReason, HeldState

REASONS = {
    HeldReason.RETURNED: _l("The bank returned this money."),
    HeldReason.REPEATED: _l(
        "The same reference, day and amount stand in this statement twice, and no balance proves "
        "that it came twice."
    ),
    HeldReason.IN_BOTH: _l(
        "An equal entry without a reference stands in another statement too, and neither balances "
        "nor periods prove whether it came twice."
    ),
    HeldReason.PAYER_DIFFERS: _l(
        "An entry with this reference, day and amount was booked, from another payer."
    ),
    HeldReason.DETAILS: _l("The details do not add up to the entry."),
    HeldReason.CURRENCY: _l("The amount is not in yuan."),
    HeldReason.AMOUNT: _l("This is not an amount."),
    HeldReason.AMOUNT_MISSING: _l("The amount is missing."),
    HeldReason.TWO_AMOUNTS: _l("It states money in and money out at once."),
    HeldReason.ZERO: _l("The amount is zero: there is nothing to book."),
    HeldReason.DAY: _l("The date is missing or does not exist."),
    HeldReason.DAY_FUTURE: _l("The date lies in the future."),
    HeldReason.DAY_TOO_OLD: _l("The date is before the Social Insurance Law took effect."),
    HeldReason.DIRECTION: _l("It does not state whether the money came in or went out."),
}
ADVICE = {
    HeldReason.RETURNED: _l(
        "Choose the payment that was returned; its bills are then unpaid again."
    ),
    HeldReason.REPEATED: _l("Ask the bank; book it if it came twice, dismiss it if not."),
    HeldReason.IN_BOTH: _l(
        "Compare the two statements; book it if it came twice, dismiss it if it is the same."
    ),
    HeldReason.PAYER_DIFFERS: _l("Compare the two; book it if it is other money."),
    HeldReason.DETAILS: _l("The whole amount was booked and waits to be matched."),
    HeldReason.CURRENCY: _l("Have the bank convert it, and import the statement of that entry."),
    HeldReason.AMOUNT: _l("Ask the bank for a corrected statement."),
    HeldReason.AMOUNT_MISSING: _l("Ask the bank for a corrected statement."),
    HeldReason.TWO_AMOUNTS: _l("Ask the bank for a corrected statement."),
    HeldReason.ZERO: _l("Nothing needs to be done."),
    HeldReason.DAY: _l("Ask the bank for the day, and book it with that."),
    HeldReason.DAY_FUTURE: _l("Book it when the day has come, or ask the bank for the right one."),
    HeldReason.DAY_TOO_OLD: _l("Ask the bank for the day, and book it with that."),
    HeldReason.DIRECTION: _l("Ask the bank; book it if the money came in."),
}
# What stands wrong, in a person's words and in the file's own.
FIELDS = {
    "Amt": _l("Amount (Amt)"),
    "CdtDbtInd": _l("Came in or went out (CdtDbtInd)"),
    "TxDtls": _l("Sum of the details (TxDtls)"),
    "ValDt": _l("Value date (ValDt)"),
    "BookgDt": _l("Booking date (BookgDt)"),
    "reference": _l("Repeated reference"),
    "payer": _l("Payer of the booked entry"),
    "statement": _l("The other statement"),
}
STATES = {
    HeldState.WAITING: _l("to be settled"),
    HeldState.BOOKED: _l("booked"),
    HeldState.RETURNED: _l("returned"),
    HeldState.DISMISSED: _l("not booked"),
}
DIFFERENCES = {
    "unread": _l("A balance or total that cannot be read"),
    "closing_balance": _l("Balance at the end"),
    "running_balance": _l("Balance of the last line"),
    "count": _l("Number of entries"),
    "sum_fen": _l("Sum of all entries"),
    "credit_count": _l("Number of credits"),
    "credit_fen": _l("Sum of credits"),
    "debit_count": _l("Number of debits"),
    "debit_fen": _l("Sum of debits"),
    "net_fen": _l("Balance of credits and debits"),
}
REFUSALS = {
    "empty": _l("The file is empty."),
    "quote_open": _l(
        "A quotation mark in line %(line)s is not closed: correct it, or ask the bank for a new "
        "file."
    ),
    "several_sheets": _l(
        "The sheets “%(text)s” and “%(column)s” both have entries: save each as a file of its own."
    ),
    "not_camt": _l("The file is not a camt.053 statement, or is damaged."),
    "not_csv": _l("The file is not a CSV, or is damaged."),
    "not_a_sheet": _l("The spreadsheet is damaged or protected: save it again without a password."),
    "encoding": _l(
        "The characters are not “%(text)s” as the file or the mapping says: save it as UTF-8 or "
        "GB 18030."
    ),
    "column_missing": _l("Line %(line)s has no column “%(column)s”: name the columns again."),
    "no_mapping": _l("The columns of this bank's statements have not been named yet."),
    "account_foreign": _l(
        "Account %(text)s is not an account of this office. If it is, register it first."
    ),
    "account_unnamed": _l(
        "The file names no account, and the office has several: choose the account."
    ),
    "account_missing": _l(
        "The file names no account, and the office has registered none: register it first."
    ),
    "number": _l("Enter the account’s number: 5 to 34 letters and digits."),
    "registered": _l("This account is registered already."),
    "used": _l("Money of this statement was used already: it cannot be taken back as a whole."),
    "withdrawn": _l("This import was taken back already."),
    "confirmed": _l("Somebody confirmed it already."),
    "under_way": _l("It is being imported right now. Try again when that is finished."),
    "not_imported": _l("This file is not imported: there is nothing to take back."),
    "settled": _l("This entry was settled already."),
    "is_return": _l("This money went back: choose the payment that was returned."),
    "no_amount": _l("Without an amount in yuan it cannot be booked."),
    "day_odd": _l("Enter a date from 1 July 2011 to today."),
    "no_return": _l("This entry is no return."),
    "return_day": _l(
        "On the day that stands there nothing can have gone back: take the payment back on its own "
        "page with the right day, and dismiss this entry."
    ),
    "other_amount": _l("That payment has another amount or is of another region."),
}


def bank_name(bank: str) -> str:
    """Return a bank as it was named when the statement came; the tax office in words."""
    return str(_l("Tax office")) if bank == TAX_OFFICE else bank


def refusal_sentence(code: str, facts: Mapping[str, Any]) -> Any:
    """Return why a statement was refused, with the place and what stands there."""
    given = {"text": "", "line": 0, "column": ""} | dict(facts)
    return REFUSALS[code] % given
