"""Who signs this office's papers: its own key, or the device that the settings name."""

import importlib
from collections.abc import Sequence

from siweb.documents.proof.keys import Signer, signers_of
from siweb.secret_keys import PROOF
from siweb.settings import SettingError, Settings

_PROBE = b"siweb asks whether this device signs with the key that it shows"


def office_signers(settings: Settings) -> Sequence[Signer]:
    """Return who signs, the one in use first, then those whose papers go on being genuine.

    With a device the office's own keys are of those before: what they signed stays proved.

    :raises SettingError: when the device cannot be had, or signs with another key than it shows.
    """
    own: list[Signer] = list(signers_of(settings.secret(PROOF)))
    return [_device(settings), *own] if settings.paper_signer else own


def _device(settings: Settings) -> Signer:
    module, _colon, name = settings.paper_signer.partition(":")
    try:
        made = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise SettingError(
            "SIWEB_PAPER_SIGNER must name a class as package.module:Class, "
            f"not {settings.paper_signer!r}."
        ) from error
    signer: Signer = made.from_settings(settings)
    # Found out now, not by whoever holds the first paper that nobody can prove.
    if signer.key_id != signer.public.key_id or not signer.public.has_signed(
        signer.sign(_PROBE), _PROBE
    ):
        raise SettingError(f"{settings.paper_signer} does not sign with the key that it shows.")
    return signer
