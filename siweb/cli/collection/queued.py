"""What a command says of the adjustments that a notice brought."""

from siweb.cli.counted import counted


def queued_line(regions: int) -> str:
    """Return the sentence about regions whose adjustment waits at the desk since today."""
    wait = "its adjustment waits" if regions == 1 else "their adjustments wait"
    return f"New notices for {counted(regions, 'region')}: {wait} at the desk."
