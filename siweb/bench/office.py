"""An office that is thrown away after it was measured, with secrets of its own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from siweb.db.sealing.field_keys import other_field_keys
from siweb.registry.number_keys import hold_number_keys
from siweb.settings import Settings


@contextmanager
def throwaway_office(**values: Any) -> Iterator[Settings]:
    """Give the settings of an office in a folder that is gone afterwards.

    Until then this process seals with that office's keys; afterwards with those it had before.
    """
    with tempfile.TemporaryDirectory(prefix="siweb-bench-") as folder, other_field_keys():
        settings = Settings(var_dir=Path(folder), **values)
        settings.make_secrets()
        hold_number_keys(settings)
        yield settings
