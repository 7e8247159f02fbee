"""Places in a picture, reckoned in whole numbers."""

_TENTHS, _MOST = 10, 1000


def per_cent(part: int, whole: int) -> str:
    """Return which part of a whole something is, from 0 % to 100 %, to the tenth: '47.5%'."""
    tenths = min(max(part * _MOST // whole, 0), _MOST) if whole > 0 else 0
    return f"{tenths // _TENTHS}.{tenths % _TENTHS}%"


def pixels(part: int, whole: int, height: int) -> int:
    """Return how many of `height` pixels a part gets; the smallest part is still seen."""
    if part <= 0 or whole <= 0:
        return 0
    return max(1, part * height // whole)
