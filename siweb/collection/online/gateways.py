"""Every gateway by the name that the settings give; a real one is added here."""

from collections.abc import Callable

from siweb.collection.online.demonstration.gateway import NAME, DemonstrationGateway
from siweb.collection.online.gateway import Gateway
from siweb.settings import SettingError, Settings

GATEWAYS: dict[str, Callable[[Settings], Gateway]] = {
    NAME: lambda settings: DemonstrationGateway(settings.signing_key()),
}


def gateway_of(settings: Settings) -> Gateway | None:
    """Return the gateway that the settings name; None when bills are not paid online.

    :raises SettingError: for a name that is no gateway's.
    """
    if not settings.payment_gateway:
        return None
    make = GATEWAYS.get(settings.payment_gateway)
    if make is None:
        names = ", ".join(sorted(GATEWAYS))
        raise SettingError(f"SIWEB_PAYMENT_GATEWAY must be one of: {names}.")
    return make(settings)
