"""What a page of the desk is about: where it lies, and whom it concerns."""

from dataclasses import dataclass

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from siweb.auth.staff.duties import Scope
from siweb.auth.tables.mandate import Mandate


@dataclass(frozen=True, slots=True)
class Subject:
    """The regions whose agencies act on it, and the persons and employers whose matter it is."""

    regions: frozenset[str]
    person_ids: frozenset[int] = frozenset()
    employer_ids: frozenset[int] = frozenset()
    # Further persons and employers: asked for only when somebody sends a form.
    parties: Select[int | None, int | None] | None = None

    def lies_in(self, scope: Scope) -> bool:
        """Return whether one of its regions is in a scope; what has none is the whole office's."""
        return any(scope.covers(region) for region in self.regions or {None})


def is_own(session: Session, subject: Subject, *, person_id: int, account_id: int | None) -> bool:
    """Return whether somebody would act on their own matter, or on that of a firm they act for.

    A mandate that has ended counts too: what it was about may be older. Without an account no
    mandate is looked for.
    """
    rows = [] if subject.parties is None else session.execute(subject.parties).all()
    if person_id in subject.person_ids.union(row[0] for row in rows):
        return True
    employers = subject.employer_ids.union(row[1] for row in rows if row[1] is not None)
    if not employers or account_id is None:
        return False
    held = select(Mandate.id).where(
        Mandate.account_id == account_id, Mandate.employer_id.in_(employers)
    )
    return bool(session.scalar(select(exists(held))))
