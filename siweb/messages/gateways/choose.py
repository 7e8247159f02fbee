"""The gateways that the settings name."""

import importlib
from collections.abc import Mapping
from typing import cast

from siweb.messages.gateways.gateway import Channel, Gateway
from siweb.messages.gateways.sms_file import SmsFiles
from siweb.messages.gateways.smtp import SmtpGateway
from siweb.settings import SettingError, Settings

SECURITY = ("starttls", "tls", "none")


def gateways_of(settings: Settings) -> Mapping[Channel, Gateway]:
    """Return by what messages leave this office; none are set at first.

    :raises SettingError: naming the setting and what is wrong.
    """
    found: dict[Channel, Gateway] = {}
    if settings.smtp_host:
        found[Channel.EMAIL] = _smtp(settings)
    if settings.sms_gateway:
        found[Channel.SMS] = _sms(settings)
    return found


def _smtp(settings: Settings) -> SmtpGateway:
    if settings.smtp_security not in SECURITY:
        raise SettingError(f"SIWEB_SMTP_SECURITY must be one of: {', '.join(SECURITY)}.")
    if "@" not in settings.smtp_sender:
        raise SettingError("SIWEB_SMTP_SENDER must be the address that e-mails come from.")
    return SmtpGateway(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_sender,
        settings.smtp_security,
        settings.smtp_user,
        settings.smtp_password,
    )


def _sms(settings: Settings) -> Gateway:
    if settings.sms_gateway == "file":
        return SmsFiles.from_settings(settings)
    module, _colon, name = settings.sms_gateway.partition(":")
    try:
        made = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise SettingError(
            "SIWEB_SMS_GATEWAY must be 'file' or name a class as package.module:Class, "
            f"not {settings.sms_gateway!r}."
        ) from error
    return cast("Gateway", made.from_settings(settings))
