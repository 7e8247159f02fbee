"""The average contribution index (平均缴费工资指数): what was paid on, beside the average wage.

国发〔2005〕38号: the mean, over the months paid, of the base divided by the average wage then.
"""

from collections.abc import Iterable
from fractions import Fraction

from siweb.rules.errors import RuleError
from siweb.rules.numbers.arithmetic import Rounding, rounded_quotient
from siweb.rules.numbers.rates import PPM


def contribution_index(
    months: Iterable[tuple[int, int]], *, further: tuple[int, int] = (0, 0)
) -> int:
    """Return the mean of base over average wage (both in fen) of each month, in ppm, rounded once.

    `further` are months without a base on record, how many and with which index in ppm: early
    months and those that count as contributed, whose index stands in the person's file.

    :raises RuleError: "no_months" without any, "amount_negative" for a base or wage that is none.
    """
    shares = []
    for base, average_wage in months:
        if base < 0 or average_wage <= 0:
            raise RuleError("amount_negative", amount=min(base, average_wage))
        # Exact, since a rounding in each of 400 months would move the mean by more than a ppm.
        shares.append(Fraction(base, average_wage))
    count, index_of_further = further
    if min(count, index_of_further) < 0:
        raise RuleError("amount_negative", amount=min(count, index_of_further))
    if not shares and not count:
        raise RuleError("no_months")
    total = sum(shares, Fraction()) + Fraction(index_of_further * count, PPM)
    mean = total / (len(shares) + count)
    index: int = rounded_quotient(mean.numerator * PPM, mean.denominator, Rounding.HALF_UP_FEN)
    return index
