"""Keep a form that met an ended sign-in, sealed, until its owner has signed in again."""

import base64
import hashlib
import json
from datetime import datetime, timedelta

from cryptography.fernet import Fernet
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from siweb.auth.tables.sealed_post import SealedPost
from siweb.db.reference_code import new_reference

LASTS = timedelta(hours=2)
# What people type is far shorter; what is larger is a file, which a browser must choose anew.
LARGEST = 256 * 1024

Fields = list[tuple[str, str]]


def seal_post(
    session: Session, account_id: int, path: str, fields: Fields, *, key: str, at: datetime
) -> str | None:
    """Return the reference under which a form is kept; None when it is too large to keep."""
    text = json.dumps(fields, ensure_ascii=False).encode()
    # Measured as it is kept, in bytes of UTF-8: three for a Chinese character.
    if len(text) > LARGEST:
        return None
    # Whoever seals clears: what nobody came back for is personal data that nobody needs.
    session.execute(delete(SealedPost).where(SealedPost.expires_at < at))
    sealed = SealedPost(
        reference=new_reference(16),
        account_id=account_id,
        path=path,
        fields=_cipher(key).encrypt(text),
        sealed_at=at,
        expires_at=at + LASTS,
    )
    session.add(sealed)
    session.flush()
    return sealed.reference


def open_seal(
    session: Session, reference: str, account_id: int, *, key: str, at: datetime
) -> tuple[str, Fields] | None:
    """Return path and fields of a kept form; None for anybody but its owner, and after its time."""
    sealed = _find(session, reference, account_id, at)
    if sealed is None:
        return None
    fields = json.loads(_cipher(key).decrypt(sealed.fields))
    return sealed.path, [(name, value) for name, value in fields]


def _find(session: Session, reference: str, account_id: int, at: datetime) -> SealedPost | None:
    return session.scalar(
        select(SealedPost).where(
            SealedPost.reference == reference,
            SealedPost.account_id == account_id,
            SealedPost.expires_at > at,
        )
    )


def _cipher(key: str) -> Fernet:
    # Derived for this use alone: the office's key makes hashes and signs cookies besides.
    digest = hashlib.sha256(b"sealed post\0" + key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
