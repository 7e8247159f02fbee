"""Keep how a bank writes its tables, so that its columns are named once."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.statements.reading.csv_mapping import CsvMapping
from siweb.collection.tables.bank_statement import BankMapping
from siweb.db.claim import add_or_find


def keep_mapping(
    session: Session,
    region_code: str,
    bank: str,
    mapping: CsvMapping,
    *,
    actor: Actor,
    at: datetime,
) -> BankMapping:
    """Keep how a bank writes its tables, in the place of what was kept before."""
    named = {
        "mapping": mapping.to_json(),
        "changed_at": at,
        "changed_by_account_id": actor.account_id,
    }
    kept = mapping_of(session, region_code, bank)
    if kept is None:
        new = BankMapping(region_code=region_code, bank=bank, **named)
        kept = add_or_find(session, new, lambda: mapping_of(session, region_code, bank)) or new
    # The newest answer counts, also of two who name the columns for the first time at once.
    for name, value in named.items():
        setattr(kept, name, value)
    session.flush()
    return kept


def mapping_of(session: Session, region_code: str, bank: str) -> BankMapping | None:
    """Return how a bank's table is read, if somebody named its columns."""
    return session.scalar(
        select(BankMapping).where(BankMapping.region_code == region_code, BankMapping.bank == bank)
    )
