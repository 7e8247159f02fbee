"""The keys of the ID numbers, as a process of the office gets them."""

from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from siweb.db.engine import READ_ONLY
from siweb.db.sealing.field_keys import FieldKeys, field_keys, hold_field_keys, number_digest
from siweb.registry.tables.person_identity import PersonIdentity
from siweb.secret_keys import DIGEST, FIELD, SECRETS, SecretFault, read_secret
from siweb.settings import Settings


def hold_number_keys(settings: Settings) -> None:
    """Let this process seal and find numbers; the keys are read when they are first needed."""
    hold_field_keys(lambda: _keys(settings))


def require_number_keys(settings: Settings, engine: Engine | None = None) -> None:
    """Stop a start without the keys, or with others than those the numbers were sealed with.

    :raises SecretFault: when one is missing, or is another one.
    """
    hold_number_keys(settings)
    field_keys()
    if engine is not None and (kept := _any_identity(engine)) is not None:
        number, digest = kept
        if number_digest(number) != digest:
            raise SecretFault(
                "The digest key is not the one with which people are found: put the right one back."
            )


def holds_numbers(engine: Engine) -> bool:
    """Return whether the database has numbers already, sealed with keys that must not change."""
    return inspect(engine).has_table(PersonIdentity.__tablename__) and bool(_any_identity(engine))


def _any_identity(engine: Engine) -> tuple[str, str] | None:
    with Session(engine.execution_options(**{READ_ONLY: True})) as session:
        found = session.execute(select(PersonIdentity.number, PersonIdentity.digest).limit(1))
        row = found.first()
    return None if row is None else (row.number, row.digest)


def _keys(settings: Settings) -> FieldKeys:
    sealing = settings.secret(FIELD).replace(",", " ").split()
    return FieldKeys(sealing, settings.secret(DIGEST))


def keys_are_kept(settings: Settings) -> bool:
    """Return whether a start would find its secrets: a running process holds them in memory.

    Those that a start makes by itself may be missing; what others can read never may.
    """
    for secret in SECRETS:
        is_there = (settings.secrets_folder / secret.name).exists()
        if settings.given_secret(secret) or not (is_there or secret.must_be_kept):
            continue
        try:
            read_secret(secret, settings.secrets_folder)
        except (SecretFault, OSError):
            return False
    return True
