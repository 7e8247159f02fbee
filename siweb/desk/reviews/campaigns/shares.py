"""Shares of those whom a campaign is for."""

_PPM = 1_000_000


def share_ppm(number: int, whole: int) -> int:
    """Return a share in whole parts per million, rounded down; none of nothing."""
    return number * _PPM // whole if whole else 0
