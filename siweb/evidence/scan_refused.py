"""When a scan cannot be taken in."""

from siweb.rules.errors import Refusal


class ScanRefused(Refusal):
    """Why: see `siweb.evidence.labels.REFUSALS`."""
