"""Who is signed in, as every view sees them."""

from dataclasses import dataclass
from datetime import datetime

from siweb.audit.actor import Actor, Channel
from siweb.auth.staff.duties import Duty


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Loaded with one statement per request from the sign-in kept on the server."""

    token: str
    session_id: int
    account_id: int
    person_id: int
    name: str
    # The last four characters of the ID number: what a printed page says of whose it is.
    id_end: str
    region_code: str
    # What they may do at the desk today; most visitors hold no function.
    duties: tuple[Duty, ...]
    # Where, by the Chinese and the English name of each agency; none for the whole office.
    agencies: tuple[tuple[str, str], ...]
    # Whether they ever acted for an employer or a person, so that their matters count as own.
    has_mandates: bool
    # Whether they are registered under another key besides, which is as much themselves.
    has_other_keys: bool
    # The keys of relatives whom they declared, whose matters they keep out of.
    relatives: frozenset[int]
    last_seen_at: datetime
    # When they last proved their second factor in this sign-in; None until they do.
    proved_at: datetime | None
    # When the sign-in ends if nothing more is clicked.
    ends_at: datetime

    @property
    def is_staff(self) -> bool:
        """Return whether a page of the desk is theirs."""
        return bool(self.duties)

    def as_actor(self) -> Actor:
        """Return the acting person for the subjects' functions."""
        return Actor(self.account_id, self.person_id, Channel.WEB)
