"""The demonstration's gateway: everything that a real one does, but no money moves."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from siweb.collection.online.gateway import Notification, NotificationRefused, PaymentOrder

NAME = "demonstration"
SIGNATURE = "X-Demonstration-Signature"
# Its page in this same office; see demonstration/views.py.
PAGE = "/demonstration/bank"


class DemonstrationGateway:
    """Signs what it says with a key of its own (HMAC-SHA256), as a real gateway does."""

    name = NAME

    def __init__(self, key: str) -> None:
        # Derived for this alone:
        # what anybody may have signed here opens nothing else of the office.
        self._key = hmac.digest(key.encode(), b"demonstration gateway", "sha256")

    def start(self, order: PaymentOrder) -> str:
        """Return the address of the made-up bank's page, signed against being changed."""
        asked = {
            "order": order.order,
            "amount": order.amount_fen,
            "says": order.says,
            "back": order.return_address,
        }
        return f"{PAGE}?{urlencode({**asked, 'sign': self._sign(_canonical(asked))})}"

    def read_notification(self, body: bytes, headers: Mapping[str, str]) -> Notification:
        """Return what a notification says, if its signature is this gateway's."""
        if not hmac.compare_digest(self._sign(body), headers.get(SIGNATURE, "")):
            raise NotificationRefused("signature")
        try:
            facts = json.loads(body)
            notification = Notification(
                str(facts["order"]),
                str(facts["transaction"]),
                int(facts["amount_fen"]),
                date.fromisoformat(facts["paid_on"]),
                str(facts["payer_name"]),
            )
        except (KeyError, TypeError, ValueError, RecursionError):
            raise NotificationRefused("shape") from None
        if notification.amount_fen <= 0:
            raise NotificationRefused("shape")
        return notification

    def is_asked(self, asked: Mapping[str, str]) -> bool:
        """Return whether an address of the made-up bank's page is one that `start` made."""
        facts = {name: asked.get(name, "") for name in ("order", "amount", "says", "back")}
        return hmac.compare_digest(self._sign(_canonical(facts)), asked.get("sign", ""))

    def tell(self, notification: Notification) -> tuple[bytes, dict[str, str]]:
        """Return body and headers of a notification, as the made-up bank sends them."""
        facts = {
            "order": notification.order,
            "transaction": notification.transaction,
            "amount_fen": notification.amount_fen,
            "paid_on": notification.paid_on.isoformat(),
            "payer_name": notification.payer_name,
        }
        body = json.dumps(facts, ensure_ascii=False).encode()
        return body, {SIGNATURE: self._sign(body)}

    def _sign(self, facts: bytes) -> str:
        return hmac.new(self._key, facts, hashlib.sha256).hexdigest()


def _canonical(asked: Mapping[str, Any]) -> bytes:
    return json.dumps({name: str(value) for name, value in sorted(asked.items())}).encode()
