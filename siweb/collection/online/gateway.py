"""What a payment gateway is to this office: two deeds, told in docs/payments.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from siweb.rules.errors import Refusal


class NotificationRefused(Refusal):
    """When a notification is not the gateway's, or cannot be read; `code` says why."""


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What somebody is about to pay. `order` is the office's number of it, for the gateway to keep.

    `return_address` is where the browser comes back to, `notify_address` where the gateway itself
    tells that the money came.
    """

    order: str
    amount_fen: int
    says: str
    return_address: str
    notify_address: str


@dataclass(frozen=True, slots=True)
class Notification:
    """Money that came in, in the gateway's own words, its signature checked."""

    order: str
    # The gateway's number of the payment: told twice, it is one payment.
    transaction: str
    amount_fen: int
    paid_on: date
    payer_name: str = ""


class Gateway(Protocol):
    """One way to pay online."""

    name: str

    def start(self, order: PaymentOrder) -> str:
        """Return the address to which the browser goes in order to pay."""

    def read_notification(self, body: bytes, headers: Mapping[str, str]) -> Notification:
        """Return what a notification says.

        :raises NotificationRefused: "signature" unless it is proved to be the gateway's, "shape".
        """
