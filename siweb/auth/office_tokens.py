"""Tokens with which programs of other offices (civil affairs, courts, hospitals) hand lists in.

Such a token stands for an office of a region and for nobody's mandate: two people of the agency
give it, for some kinds of lists until a day, and it reads nothing of anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor, Channel
from siweb.audit.record import record_activity
from siweb.auth.api_tokens import is_to_note, secret_hash
from siweb.auth.staff.duties import Scope
from siweb.auth.tables.api_token import ApiToken

LISTS = "lists"
"""The one scope of these tokens; those of employers have none of it, and these none of theirs."""
LIST_KINDS = ("death", "prison", "medical", "transport")
"""What a list may say of people. `reviews` names the same; tests hold both to each other."""
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class OfficeBearer:
    """A token of another office that is good now: for which region, and of which kinds."""

    token_id: int
    region_code: str
    office: str
    kinds: frozenset[str]
    is_to_note: bool

    @property
    def scopes(self) -> frozenset[str]:
        """Return what it may: hand in lists."""
        return frozenset({LISTS})

    def as_actor(self) -> Actor:
        """Return who acts: a program, and no account; the line of the log names the token."""
        return Actor(None, None, Channel.API)


@dataclass(frozen=True, slots=True)
class OfficeGrant:
    """What two people agree to: whose program, of which region, what it may hand in, until when."""

    region_code: str
    office: str
    program: str
    kinds: Sequence[str]
    expires_on: date


def give_office_token(
    session: Session,
    grant: OfficeGrant,
    *,
    hashed: str,
    beginning: str,
    maker_account_id: int,
    actor: Actor,
    at: datetime,
) -> ApiToken:
    """Let a secret work that its maker saw alone: whoever checks it never has it."""
    token = ApiToken(
        region_code=grant.region_code,
        office=grant.office,
        sign_kinds=[kind for kind in LIST_KINDS if kind in grant.kinds],
        # For the log alone: the token outlives whoever made it, since an office holds it.
        account_id=maker_account_id,
        name=grant.program,
        secret_hash=hashed,
        beginning=beginning,
        scopes=[LISTS],
        expires_on=grant.expires_on,
        issued_at=at,
    )
    session.add(token)
    session.flush()
    record_activity(session, "api_token.given", actor=actor, at=at, subject=_subject(token.id))
    return token


def end_office_token(session: Session, token_id: int, *, actor: Actor, at: datetime) -> bool:
    """End a token of another office at once; False when it had ended."""
    ended = session.execute(
        update(ApiToken)
        .where(
            ApiToken.id == token_id,
            ApiToken.region_code.is_not(None),
            ApiToken.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )
    if not ended.rowcount:  # type: ignore[attr-defined]
        return False
    record_activity(session, "api_token.revoked", actor=actor, at=at, subject=_subject(token_id))
    return True


def office_tokens(session: Session, scope: Scope) -> Sequence[ApiToken]:
    """Return the tokens of other offices in some regions, the newest first."""
    return session.scalars(
        select(ApiToken)
        .where(ApiToken.region_code.is_not(None), scope.has(ApiToken.region_code))
        .order_by(ApiToken.issued_at.desc(), ApiToken.id.desc())
        .limit(_SHOWN)
    ).all()


def find_office_bearer(
    session: Session, secret: str, *, on: date, at: datetime
) -> OfficeBearer | None:
    """Return the token of a secret while it holds; None otherwise."""
    token = session.scalar(
        select(ApiToken).where(
            ApiToken.secret_hash == secret_hash(secret),
            ApiToken.region_code.is_not(None),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_on >= on,
        )
    )
    if token is None:
        return None
    # The database holds the three together (ck_api_token_office).
    assert token.region_code is not None
    assert token.office is not None
    kinds = frozenset(token.sign_kinds or ())
    return OfficeBearer(
        token.id, token.region_code, token.office, kinds, is_to_note(token.last_used_at, at)
    )


def _subject(token_id: int) -> tuple[str, int]:
    return ("api_token", token_id)
