"""The average contribution index (平均缴费工资指数): what was paid on, beside the average wage.

国发〔2005〕38号: the mean, over the months paid, of the base divided by the average wage then.
"""

from collections.abc import Iterable
from fractions import Fraction

from siweb.rules.errors import RuleError
from siweb.rules.numbers.arithmetic import Rounding, rounded_quotient
from siweb.rules.numbers.rates import PPM


def contribution_index(months: Iterable[tuple[int, int]]) -> int:
    """Return the mean of base over average wage (both in fen) of each month, in ppm, rounded once.

    :raises RuleError: "no_months" without any, "amount_negative" for a base or wage that is none.
    """
    shares = []
    for base, average_wage in months:
        if base < 0 or average_wage <= 0:
            raise RuleError("amount_negative", amount=min(base, average_wage))
        # Exact, since a rounding in each of 400 months would move the mean by more than a ppm.
        shares.append(Fraction(base, average_wage))
    if not shares:
        raise RuleError("no_months")
    mean = sum(shares, Fraction()) / len(shares)
    index: int = rounded_quotient(mean.numerator * PPM, mean.denominator, Rounding.HALF_UP_FEN)
    return index
