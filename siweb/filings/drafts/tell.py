"""Tell an employer what became of a filing, and people what it ended or began for them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session

from siweb.clock import office_day
from siweb.db.among import among
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState, row_value
from siweb.filings.tables.register_before import EnrolmentBefore
from siweb.messages.kinds.registration import EMPLOYER_TOOK_BACK, INSURED_BY_EMPLOYER, LEFT_EMPLOYER
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import day_of, notify, notify_each, subject_of
from siweb.registry.codes import Scheme
from siweb.registry.tables.employer import Employer

# Who died, draws a pension or serves a sentence does not go on by insuring themselves.
_GOES_ON_OTHERWISE = ("retired", "died", "prison", "abroad")


def tell_of_filing(session: Session, filing: Filing, kind: MessageKind, *, at: datetime) -> None:
    """Tell the employer of a filing."""
    notify(
        session,
        kind,
        filing.employer_id,
        region_code=session.get_one(Employer, filing.employer_id).region_code,
        subject=("filing", filing.id),
        at=at,
    )


def tell_people(session: Session, filing: Filing, *, at: datetime) -> int:
    """Tell whom a confirmed filing concerns so; return how many. One statement at most."""
    if filing.kind in {FilingKind.HIRE, FilingKind.RESUME}:
        return notify_each(session, INSURED_BY_EMPLOYER, _paid_alone(filing, at), at=at)
    if filing.kind is FilingKind.LEAVE:
        return notify_each(session, LEFT_EMPLOYER, _left(filing, at), at=at)
    return 0


def tell_of_withdrawal(
    session: Session, filing: Filing, positions: Collection[int], *, at: datetime
) -> int:
    """Tell those of some withdrawn rows whom the filing had been told to; return how many."""
    if filing.kind in {FilingKind.HIRE, FilingKind.RESUME}:
        whom = _paid_alone(filing, at).where(among(EnrolmentBefore.position, positions))
    elif filing.kind is FilingKind.LEAVE:
        whom = _left(filing, at, RowState.WITHDRAWN).where(among(FilingRow.position, positions))
    else:
        return 0
    return notify_each(session, EMPLOYER_TOOK_BACK, whom, at=at)


def _paid_alone(filing: Filing, at: datetime) -> Select[Any]:
    """Return whom a filing insures in what they paid for themselves: what it ended says who."""
    ended = EnrolmentBefore
    return (
        select(
            func.min(ended.region_code),
            subject_of("filing", literal(filing.id)),
            day_of(office_day(at)),
            ended.person_id,
            day_of(None),
        )
        .where(ended.filing_id == filing.id, ended.scheme == Scheme.FLEXIBLE)
        # Several insurances are one message.
        .group_by(ended.person_id)
    )


def _left(filing: Filing, at: datetime, state: RowState = RowState.APPLIED) -> Select[Any]:
    return select(
        FilingRow.region_code,
        subject_of("filing", literal(filing.id)),
        day_of(office_day(at)),
        FilingRow.person_id,
        day_of(None),
    ).where(
        FilingRow.filing_id == filing.id,
        FilingRow.state == state,
        FilingRow.person_id.is_not(None),
        func.coalesce(row_value("end_reason"), "").not_in(_GOES_ON_OTHERWISE),
    )
