"""The picture of an account's growth: what was paid in, and the interest on top of it."""

from collections.abc import Iterable

from flask_babel import gettext as _

from siweb.web.charts.columns import HEIGHT, Column, Columns, draw_columns


def draw_growth(years: Iterable[tuple[int, int, int]], height: int = HEIGHT) -> Columns:
    """Return columns of years, each with the principal and the interest in it by then, in fen."""
    rows = [Column(str(year), (principal, interest)) for year, principal, interest in years]
    return draw_columns((_("Paid in"), _("Interest")), rows, height)
