"""What joining two registrations changes, in words: for its maker, its checker and the person."""

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.collection.corrections.identity.labels import PARTS
from siweb.collection.corrections.identity.shown import part_in_words
from siweb.collection.corrections.merging.joined import Holding, Twice
from siweb.collection.corrections.shown import NOTHING, Change
from siweb.registry.tables.employer import Employer
from siweb.web.language.formats import count, month, yuan
from siweb.web.language.labels import insurance_name, insurance_names


def changes_of_joining(former: Holding, person: Holding) -> Iterator[Change]:
    """Yield what the two have, and what the person has afterwards."""
    yield Change(
        _("Balance of the individual account"),
        f"{yuan(former.balance_fen)} + {yuan(person.balance_fen)}",
        yuan(former.balance_fen + person.balance_fen),
    )
    months = f"{count(former.months)} + {count(person.months)}"
    yield Change(_("Months recorded"), months, _("all of them the person’s"))
    if former.open_insurances:
        names = insurance_names(former.open_insurances)
        yield Change(_("Insured now"), names, _("goes on with the same payer and base"))
    if former.bills:
        yield Change(_("Own bills"), count(former.bills), _("the person’s"))


def changes_of_twice(session: Session, twice: Iterable[Twice]) -> list[Change]:
    """Return the months that are recorded twice: who paid what, and how one is given back."""
    twice = list(twice)
    if not twice:
        return []
    payers = {payer for held in twice for payer, _employers, _own in held.payments} - {None}
    rows = session.execute(
        select(Employer.id, Employer.name).where(Employer.id.in_(sorted(payers, key=int)))
    )
    names: dict[int | None, str] = {None: _("the person"), **{row.id: row.name for row in rows}}
    return [
        Change(
            f"{month(held.month)} · {insurance_name(held.insurance)}",
            " / ".join(
                f"{names[payer]} {yuan(employers + own)}" for payer, employers, own in held.payments
            ),
            _("recorded twice: one of them is given back by correcting the record"),
        )
        for held in twice
    ]


def changes_of_differing(differs: Iterable[tuple[str, str, str]]) -> list[Change]:
    """Return in what two registrations say otherwise who the person is: part, former, standing."""
    return [
        Change(str(PARTS[name]), part_in_words(name, before), part_in_words(name, after))
        for name, before, after in differs
    ]


def accounts_in_words(has_former: bool) -> list[Change]:
    """Return what becomes of an account to sign in with."""
    if not has_former:
        return []
    so = _("one account for both numbers; the other one’s sign-ins and programs’ tokens end")
    return [Change(_("Signing in"), NOTHING, so)]
