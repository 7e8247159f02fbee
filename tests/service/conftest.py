from tests.filings.conftest import _notes_are_kept

__all__ = ["_notes_are_kept"]
