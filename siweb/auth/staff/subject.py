"""What a page of the desk is about: where it lies, and whom it concerns."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from siweb.auth.staff.duties import Scope
from siweb.auth.tables.help_mandate import HelpMandate
from siweb.auth.tables.mandate import Mandate
from siweb.registry.codes import Insurance


@dataclass(frozen=True, slots=True)
class Subject:
    """The regions whose agencies act on it, and the persons and employers whose matter it is."""

    regions: frozenset[str]
    person_ids: frozenset[int] = frozenset()
    employer_ids: frozenset[int] = frozenset()
    # What was read to find it: kept, so that the view does not read it again.
    read: object = None
    # Those it is about: whoever runs one reads it, whoever runs all acts on it. None named: it is
    # what all have in common.
    insurances: frozenset[Insurance] = frozenset()
    # Further regions: asked for only when it does not lie in the first ones.
    more_regions: Select[str] | None = None
    # The registration to which this person's was joined; None for one that stands.
    standing_id: int | None = None

    def lies_in(self, session: Session, scope: Scope, *, wholly: bool = False) -> bool:
        """Return whether one of its regions is in a scope; what has none is the whole office's.

        With `wholly`, whether all its insurances are there as well.
        """
        if self._is_in(scope, self.regions or {None}, wholly=wholly):
            return True
        if self.more_regions is None:
            return False
        return self._is_in(scope, session.scalars(self.more_regions), wholly=wholly)

    def _is_in(self, scope: Scope, regions: Iterable[str | None], *, wholly: bool) -> bool:
        return any(scope.covers(each, self.insurances, wholly=wholly) for each in regions)


def is_own(
    session: Session, subject: Subject, *, keys: Iterable[int], account_id: int | None
) -> bool:
    """Return whether somebody would act on their own matter, or on that of whom they act for.

    `keys` are all of theirs: registered twice, somebody is one person. A mandate that has ended
    counts too: what it was about may be older. Without an account no mandate is looked for.
    """
    if not subject.person_ids.isdisjoint(keys):
        return True
    if account_id is None:
        return False
    for people, held in (
        (
            subject.employer_ids,
            select(Mandate.id).where(
                Mandate.account_id == account_id, Mandate.employer_id.in_(subject.employer_ids)
            ),
        ),
        (
            subject.person_ids,
            select(HelpMandate.id).where(
                HelpMandate.helper_account_id == account_id,
                HelpMandate.person_id.in_(subject.person_ids),
            ),
        ),
    ):
        if people and session.scalar(select(exists(held))):
            return True
    return False
