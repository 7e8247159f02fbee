"""The same law once more, in Decimal and yuan, written without looking at siweb.rules."""

from decimal import ROUND_HALF_UP, ROUND_UP, Context, Decimal, localcontext

FEN = Decimal("0.01")
JIAO = Decimal("0.1")
YUAN = Decimal(1)
_ROUNDINGS = {
    "half_up_fen": (FEN, ROUND_HALF_UP),
    "half_up_jiao": (JIAO, ROUND_HALF_UP),
    "up_jiao": (JIAO, ROUND_UP),
    "half_up_yuan": (YUAN, ROUND_HALF_UP),
}


def yuan(fen):
    return Decimal(fen) / 100


def rate(ppm):
    return Decimal(ppm) / 1_000_000


def rounded(amount, rounding):
    """Yuan to fen; the context is wide enough for every quotient in the tests."""
    unit, mode = _ROUNDINGS[rounding]
    return int(amount.quantize(unit, mode) * 100)


def base(declared, floor, ceiling):
    return min(max(yuan(declared), yuan(floor)), yuan(ceiling))


def share(base_yuan, ppm, rounding, addition=0):
    with localcontext(Context(prec=60)):
        return rounded(base_yuan * rate(ppm), rounding) + addition


def late_fee(principal, ppm, days, rounding, capped):
    with localcontext(Context(prec=60)):
        fee = rounded(yuan(principal) * rate(ppm) * days, rounding)
    return min(fee, principal) if capped else fee


def month_product_interest(deposits, ppm, rounding):
    with localcontext(Context(prec=60)):
        product = sum((yuan(fen) * (13 - month) for month, fen in deposits), Decimal(0))
        return rounded(product * rate(ppm) / 12, rounding)


def yearly_interest(deposits, ppm, factor, rounding):
    with localcontext(Context(prec=60)):
        total = sum((yuan(fen) for _, fen in deposits), Decimal(0))
        return rounded(total * rate(ppm) * rate(factor) / 2, rounding)


def basic_pension(wage, index, years, rounding):
    with localcontext(Context(prec=60)):
        return rounded((yuan(wage) + yuan(wage) * rate(index)) / 2 * years / 100, rounding)


def account_pension(balance, months, rounding):
    with localcontext(Context(prec=60)):
        return rounded(yuan(balance) / months, rounding)
