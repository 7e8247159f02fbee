"""An office with something of everything that is kept about people."""

from tests.disclosures.conftest import office, people

__all__ = ("office", "people")
