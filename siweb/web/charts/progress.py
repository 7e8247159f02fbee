"""A part of a whole, as a bar: never without the sentence that says both."""

from typing import NamedTuple

from siweb.web.charts.scale import per_cent


class Progress(NamedTuple):
    """What is reached and what is needed, in whole numbers."""

    reached: int
    needed: int

    @property
    def width(self) -> str:
        """Return how much of the bar is filled."""
        return per_cent(self.reached, self.needed)

    @property
    def missing(self) -> int:
        """Return what is missing; nothing when enough is reached."""
        return max(0, self.needed - self.reached)
