"""What a correction changes, in words: for its maker, its checker and the person."""

from collections.abc import Iterator
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.collection.corrections.record.effect import Billed, Effect, Line
from siweb.registry.tables.employer import Employer
from siweb.web.language.formats import month_range, yuan
from siweb.web.language.labels import insurance_name

NOTHING = "—"


class Change(NamedTuple):
    """One line: what it is, how it was, how it is afterwards."""

    label: str
    before: str
    after: str


def changes_of(session: Session, effect: Effect) -> list[Change]:
    """Return every record, bill and paper that a correction touches."""
    names = _employers(session, effect)
    lines = [
        *(_record(line, names) for line in effect.lines),
        *(_bill(bill, names) for bill in effect.bills),
    ]
    if effect.papers:
        count = ngettext(
            "%(num)d statement of the record no longer holds",
            "%(num)d statements of the record no longer hold",
            len(effect.papers),
        )
        lines.append(Change(count, ", ".join(effect.papers), _("to be issued anew")))
    if not effect.lines:
        later = _("the register alone; the levy of the month follows it")
        lines.insert(0, Change(_("Billed so far"), NOTHING, later))
    return lines


def _employers(session: Session, effect: Effect) -> dict[int | None, str]:
    payers = {line.employer_id for line in effect.lines}
    payers |= {bill.employer_id for bill in effect.bills}
    rows = session.execute(
        select(Employer.id, Employer.name).where(Employer.id.in_(sorted(payers - {None})))
    )
    return {None: _("the person"), **{row.id: row.name for row in rows}}


def _record(line: Line, names: dict[int | None, str]) -> Change:
    parts = (
        month_range(line.first_month, line.last_month),
        insurance_name(line.insurance),
        names[line.employer_id],
    )
    return Change(" · ".join(parts), _amounts(line.before), _amounts(line.after))


def _amounts(fen: tuple[int, int, int]) -> str:
    if not any(fen):
        return NOTHING
    return " · ".join(_named(fen))


def _named(fen: tuple[int, int, int]) -> Iterator[str]:
    base, employer, employee = fen
    yield _("base %(amount)s", amount=yuan(base))
    if employer:
        yield _("employer %(amount)s", amount=yuan(employer))
    yield _("person %(amount)s", amount=yuan(employee))


def _bill(bill: Billed, names: dict[int | None, str]) -> Change:
    payer = names[bill.employer_id]
    if bill.fen < 0:
        return Change(_("Credit for %(payer)s", payer=payer), NOTHING, yuan(-bill.fen))
    return Change(_("Bill to %(payer)s", payer=payer), NOTHING, yuan(bill.fen))
