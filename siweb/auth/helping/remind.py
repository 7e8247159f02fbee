"""Remind both sides before a mandate between people ends."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session, aliased

from siweb.auth.helping.helped import holds
from siweb.auth.tables.account import Account
from siweb.auth.tables.help_mandate import CommunityHelper, HelpMandate
from siweb.messages.kinds.helping import HELP_ENDING, MAY_HELP_ENDING
from siweb.messages.notify import subject_of
from siweb.messages.reminders import remind_of
from siweb.registry.tables.person import Person

_HELPS = aliased(Person)


def remind_of_help(session: Session, *, on: date, at: datetime) -> int:
    """Tell a person and their helper that it ends soon; return how many. The caller commits."""
    return remind_of(session, HELP_ENDING, _ending(Person, on), on=on, at=at) + remind_of(
        session, MAY_HELP_ENDING, _ending(_HELPS, on), on=on, at=at
    )


def _ending(reader: Any, on: date) -> Select[Any]:
    # What a helper of a community may do ends with the appointment it rests on.
    last_day = case(
        (CommunityHelper.until_on < HelpMandate.until_on, CommunityHelper.until_on),
        else_=HelpMandate.until_on,
    )
    return (
        select(
            reader.region_code.label("region"),
            subject_of("help", HelpMandate.reference).label("subject"),
            reader.id.label("reader"),
            last_day.label("last_day"),
            HelpMandate.granted_at.label("known_at"),
        )
        .join_from(HelpMandate, Account, Account.id == HelpMandate.helper_account_id)
        .join(Person, Person.id == HelpMandate.person_id)
        .join(_HELPS, _HELPS.id == Account.person_id)
        .outerjoin(CommunityHelper, CommunityHelper.id == HelpMandate.community_helper_id)
        .where(*holds(on), Person.died_on.is_(None), _HELPS.died_on.is_(None))
    )
