"""Options that are one word of a few, in the words that sheets and notices use for them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import click

# Other words for the codes of the settings, with underscores for dashes and spaces.
_OTHER_WORDS = {
    **dict.fromkeys(("half_up", "round_half_up", "fen", "四舍五入到分"), "half_up_fen"),
    **dict.fromkeys(("jiao", "四舍五入到角"), "half_up_jiao"),
    **dict.fromkeys(("jiao_up", "ceil_jiao", "round_up_jiao", "见分进角"), "up_jiao"),
    **dict.fromkeys(("each_person", "per_person", "sum_of_rounded"), "person"),
    **dict.fromkeys(("total", "employer", "rounded_sum"), "employer_total"),
    **dict.fromkeys(("last_paid", "last_month_paid"), "paid"),
    **dict.fromkeys(("last_assessed", "last_month_assessed"), "assessed"),
    **dict.fromkeys(("interpolate", "linear"), "interpolation"),
    **dict.fromkeys(("truncate", "whole_years", "floor"), "truncation"),
    **dict.fromkeys(("monthly", "month", "month_products"), "month_product"),
    **dict.fromkeys(("annual", "year", "yearly_method"), "yearly"),
    "years": "year",
    "months": "month",
}


class Word(click.Choice[str]):
    """A choice that understands other words for its codes, in either case."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the code that a word means."""
        if isinstance(value, str):
            word = value.strip().lower().replace("-", "_").replace(" ", "_")
            value = word if word in self.choices else _OTHER_WORDS.get(word, word)
        return super().convert(value, param, ctx)


def one_of(words: type[StrEnum]) -> Word:
    """Return a choice among the codes of a setting."""
    return Word([word.value for word in words], case_sensitive=False)
