"""Floor and ceiling of the base, derived from the average wage (国办发〔2019〕13号)."""

from __future__ import annotations

from siweb.rules.numbers.arithmetic import Rounding, share_of

FLOOR_SHARE = 600_000
"""60 % in ppm. Cities on their way to it have a smaller one, so that it is only the usual share."""

CEILING_SHARE = 3_000_000
"""300 % in ppm."""


def limits_from_average(
    average_wage: int, floor_share: int = FLOOR_SHARE, ceiling_share: int = CEILING_SHARE
) -> tuple[int, int]:
    """Return floor and ceiling in fen for an average wage in fen, half up to the yuan."""
    floor: int = share_of(average_wage, floor_share, Rounding.HALF_UP_YUAN)
    ceiling: int = share_of(average_wage, ceiling_share, Rounding.HALF_UP_YUAN)
    return floor, ceiling
