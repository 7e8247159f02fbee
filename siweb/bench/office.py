"""An office that is thrown away after it was measured, with secrets of its own."""

from pathlib import Path
from typing import Any

from siweb.registry.number_keys import hold_number_keys
from siweb.settings import Settings


def throwaway_settings(folder: Path, **values: Any) -> Settings:
    """Return the settings of an office in a folder; this process holds its keys from now on."""
    settings = Settings(var_dir=folder, **values)
    settings.make_secrets()
    hold_number_keys(settings)
    return settings
