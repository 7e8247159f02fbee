"""Keys by which a person or an employer is found, each from its beginning, in a region.

A row a region, kind, key and subject. A name's keys are letters (`siweb.rules.names.search_keys`);
of an ID number there is only the digest of its end, compared as a whole. Whole numbers, codes and
references are found where they are kept, each by its own unique index.
"""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base, prove_by_statement
from siweb.db.types import RegionCode, word
from siweb.rules.names.search_keys import LONGEST


class SearchKind(StrEnum):
    """What is found, and by what."""

    PERSON = "person"
    PERSON_END = "person_end"
    EMPLOYER = "employer"


# Compared letter by letter, so that an index finds what begins so; SQLite always does.
LETTERS = String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql")


class SearchKey(Base):
    __tablename__ = "search_key"
    __table_args__ = (Index("ix_search_key_subject", "subject_id", "kind"), CLUSTERED)

    region_code: Mapped[str] = mapped_column(
        RegionCode(), ForeignKey("region.code"), primary_key=True
    )
    kind: Mapped[SearchKind] = mapped_column(word(SearchKind, "kind"), primary_key=True)
    key: Mapped[str] = mapped_column(LETTERS, primary_key=True)
    # A person's or an employer's key, by the kind.
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


prove_by_statement(SearchKey.__table__)
