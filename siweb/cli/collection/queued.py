"""What a command says of the adjustments that a notice brought."""


def queued_line(regions: int) -> str:
    """Return the sentence about regions whose adjustment waits at the desk since today."""
    if regions == 1:
        return "A notice came for one region: its adjustment waits at the desk."
    return f"Notices came for {regions} regions: their adjustments wait at the desk."
