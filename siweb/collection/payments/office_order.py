"""The order in which this office uses money, for views: read once, when the app was made."""

from typing import cast

from flask import current_app

from siweb.collection.payments.allocation_order import AllocationOrder

EXTENSION = "siweb_allocation_order"


def office_order() -> AllocationOrder:
    """Return the order that the settings of the running office say."""
    return cast("AllocationOrder", current_app.extensions[EXTENSION])
