"""Columns that nobody reads without the field key."""

import base64
from typing import Any, NoReturn

from sqlalchemy import JSON, ColumnElement, Dialect, LargeBinary, TypeDecorator, type_coerce

from siweb.db.json_text import json_text, json_value
from siweb.db.sealing.field_keys import field_keys


class Sealed(TypeDecorator[str]):
    """Text in Python, sealed in the database: each sealing differs, so nothing compares it."""

    impl = LargeBinary
    cache_ok = True

    class Comparator(TypeDecorator.Comparator[str]):
        """Refuses what would silently find nothing."""

        def operate(self, op: Any, *other: Any, **options: Any) -> NoReturn:
            """Refuse every comparison.

            :raises TypeError: always.
            """
            raise TypeError("a sealed field is found by its digest")

        reverse_operate = operate

    comparator_factory = Comparator

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else field_keys().seal(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else field_keys().unseal(bytes(value))


class SealedAccount(Sealed):
    """The number of a bank account, sealed; NULL in the database where there is none."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        # Not the sealed empty text: statements ask whether there is an account at all.
        return super().process_bind_param(value or None, dialect)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str:
        return super().process_result_value(value, dialect) or ""


def is_given(column: Any) -> ColumnElement[bool]:
    """Return the condition that something is sealed in a column: all that may be asked of it."""
    return type_coerce(column, LargeBinary()).is_not(None)


class SealedDocument(TypeDecorator[Any]):
    """JSON in Python, sealed as a whole in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else field_keys().seal(json_text(value))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json_value(field_keys().unseal(bytes(value)))


class PartlySealed(TypeDecorator[Any]):
    """JSON of which some texts are sealed: the others stay for statements to read."""

    impl = JSON
    cache_ok = True

    def sealed(self, value: Any) -> Any:
        """Return what is kept of a value."""
        raise NotImplementedError

    def unsealed(self, kept: Any) -> Any:
        """Return the value of what is kept."""
        raise NotImplementedError

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.sealed(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.unsealed(value)

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """Let paths into the JSON be what they are for any JSON."""
        return self.impl_instance.coerce_compared_value(op, value)


def seal_text(text: str) -> str:
    """Return a text sealed, as text."""
    return base64.b64encode(field_keys().seal(text)).decode()


def unseal_text(kept: str) -> str:
    """Return the text of what `seal_text` made."""
    return field_keys().unseal(base64.b64decode(kept))
