"""Keep a filing from answering questions about people who do not work for the employer.

Whoever has a list of ID numbers must not learn names, or where people are insured, by trying. A
row about a registered person says nothing until name and number agree, and after many that did
not, nothing about new people until the next day.
"""

from functools import cached_property

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from siweb.filings.tables.stranger_count import StrangerCount
from siweb.filings.validation.terms import Terms

FREE = 20
"""So many names may be mistyped on a day."""
AGREEING = 50
"""And one more for so many that agree: a first list of thousands has its share of mistakes."""
UNANSWERED = frozenset({"name_disagrees", "too_many_disagree"})
"""What a row is told from which nothing about the person can be learnt."""


class Strangers:
    """What was tried today by an employer, and whether more is judged."""

    def __init__(self, session: Session, terms: Terms) -> None:
        self.session, self.terms = session, terms
        self._new_agreed = self._new_disagreed = 0

    @cached_property
    def _before(self) -> tuple[int, int]:
        """How many agreed and disagreed today before; most rows are about nobody else's people."""
        # Read anew: `keep` adds to the row past the session.
        found = self.session.get(
            StrangerCount, (self.terms.employer_id, self.terms.on), populate_existing=True
        )
        return (found.agreed, found.disagreed) if found else (0, 0)

    @property
    def is_exhausted(self) -> bool:
        """Return whether too many did not agree today."""
        agreed, disagreed = self._before
        return disagreed + self._new_disagreed > FREE + (agreed + self._new_agreed) // AGREEING

    def count(self, *, agrees: bool, is_again: bool = False) -> None:
        """Count one name that was compared; what was compared before counts no more."""
        if is_again:
            return
        if agrees:
            self._new_agreed += 1
        else:
            self._new_disagreed += 1

    def keep(self) -> None:
        """Write down what was counted; two filings at once add to each other."""
        if not (self._new_agreed or self._new_disagreed):
            return
        table = StrangerCount
        is_postgresql = self.session.get_bind().dialect.name == "postgresql"
        insert = postgresql.insert if is_postgresql else sqlite.insert
        self.session.execute(
            # Who writes clears: what was tried on earlier days is nobody's business any more.
            delete(table).where(
                table.employer_id == self.terms.employer_id, table.on < self.terms.on
            )
        )
        self.session.execute(
            insert(table)
            .values(
                employer_id=self.terms.employer_id,
                on=self.terms.on,
                agreed=self._new_agreed,
                disagreed=self._new_disagreed,
            )
            .on_conflict_do_update(
                index_elements=["employer_id", "counted_on"],
                set_={
                    "agreed": table.agreed + self._new_agreed,
                    "disagreed": table.disagreed + self._new_disagreed,
                },
            )
        )
        agreed, disagreed = self._before
        self._before = (agreed + self._new_agreed, disagreed + self._new_disagreed)
        self._new_agreed = self._new_disagreed = 0
