"""The question of what a pension would come to; sent by GET, so that an address holds an answer."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional

from siweb.pensions.what_if import Plan, Window
from siweb.web.forms.fields import MoneyField, PageForm
from siweb.web.forms.typed_fields import MonthField, WholeField

# Below is no wage of a month, above is a typing mistake.
_LEAST_FEN, _MOST_FEN = 100_00, 1_000_000_00


class WhatIfForm(PageForm):
    """A question without consequences: no token, nothing is kept."""

    class Meta(PageForm.Meta):
        csrf = False

    base = MoneyField(
        _l("Monthly base you pay on"),
        [Optional()],
        render_kw={"inputmode": "decimal", "maxlength": "20", "autocomplete": "off"},
    )
    last_year = WholeField(
        _l("Last year in which you pay"),
        [Optional()],
        render_kw={"inputmode": "numeric", "maxlength": "4", "autocomplete": "off"},
    )
    from_month = MonthField(
        _l("First month of the pension"),
        [Optional()],
        render_kw={"maxlength": "20", "autocomplete": "off"},
    )

    def plan(self, window: Window, base_fen: int | None, this_year: int) -> Plan | None:
        """Return what was asked, what was left empty filled in; None with what is wrong said."""
        if not self.validate():
            return None
        base = base_fen if self.base.data is None else self.base.data
        if base is None:
            self.base.errors = [_l("Enter the base: none is recorded here for you.")]
        elif not _LEAST_FEN <= base <= _MOST_FEN:
            self.base.errors = [_l("Enter a monthly base between 100 and 1,000,000 yuan.")]
        month = self.from_month.data or window.by_law
        if not window.first <= month <= window.last:
            self.from_month.errors = [_l("Enter a month between the earliest and the latest.")]
        latest = int(window.last[:4])
        year = latest if self.last_year.data is None else self.last_year.data
        if not this_year - 1 <= year <= latest:
            sentence = _l("Enter a year between %(first)s and %(last)s.")
            self.last_year.errors = [sentence % {"first": this_year - 1, "last": latest}]
        if base is None or self.errors:
            return None
        return Plan(base, year, month)
