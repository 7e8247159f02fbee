"""When money cannot go out as asked."""

from siweb.rules.errors import Refusal


class PayoutRefused(Refusal):
    """When a payout cannot be made, changed or filed.

    Codes: "ordered" before, "on_its_way", "paid", "account_number", "account_checksum",
    "bank_number", "nothing_to_pay", "payouts_differ" since they were shown, "no_account" of the
    office, "day_past".
    """
