"""What stands in a copy: every table is a part of it, or is left out with a reason."""

from sqlalchemy import JSON, LargeBinary

from siweb import schema
from siweb.data_copies.code_labels import word_of
from siweb.data_copies.labels import COLUMNS
from siweb.data_copies.not_copied import NOT_COPIED
from siweb.data_copies.parts import ACCESS_LOG, PARTS
from siweb.data_copies.values import is_shown
from siweb.db.sealing.columns import PartlySealed, SealedDocument

EVERY = {ACCESS_LOG.name: ACCESS_LOG, **PARTS}
# What a page of a copy does without: places, numbers and marks that only programs use.
INNER = {
    "allocation_number", "attempts", "base_number", "carried_at", "definition",
    "end_to_end", "entry_key", "entry_number", "field", "id", "identity", "last_step",
    "late_fee_waived_until", "next_try_at", "position", "rate_ppm", "record_sequence",
    "reverses_number", "rounding", "rounding_fen", "row_number", "scope", "sequence", "sign_count",
    "source_key", "step", "subject", "subject_kind", "tries", "version",
}  # fmt: skip
# Names of a deed's maker alone: what staff did stands in the activity of whom it was about.
BY_STAFF = ("by_account_id", "owner_account_id")


def test_every_table_is_in_a_copy_or_left_out_with_a_reason():
    tables = set(schema.metadata.tables)

    assert set(EVERY) | set(NOT_COPIED) == tables
    assert set(EVERY) & set(NOT_COPIED) == set()
    assert all(len(reason) > 20 for reason in NOT_COPIED.values())


def test_what_is_left_out_names_people_only_where_its_reason_says_so():
    named = {
        table
        for table in NOT_COPIED
        for column in schema.metadata.tables[table].columns
        if column.name.endswith(("person_id", "account_id")) and not column.name.endswith(BY_STAFF)
    }

    assert named == {
        "case_holder", "enrolment_claim", "enrolment_before", "levy_employer", "levy_run", "levy_sum", "sealed_post",
    }  # fmt: skip


def test_nothing_that_opens_something_is_in_a_copy():
    shown = {(part.name, column.name): column for part in EVERY.values() for column in part.columns}
    opens = {"hash", "digest", "secret", "token", "key"}

    assert {place for place in shown if set(place[1].split("_")) & opens} == {
        # Marks under which an entry of a bank and a report of a list were read once.
        ("payment", "entry_key"), ("hire_report", "source_key"), ("complaint", "source_key"),
    }  # fmt: skip
    # Bytes are in it only where a type reads them: sealed text.
    assert not [place for place, column in shown.items() if type(column.type) is LargeBinary]


def test_the_page_has_words_for_every_column_that_it_shows():
    named = {column.name for part in EVERY.values() for column in part.columns}
    without = {
        column.name
        for part in EVERY.values()
        for column in part.columns
        if column.name not in COLUMNS
        and not isinstance(column.type, JSON | PartlySealed | SealedDocument)
        and not column.name.endswith(("_id",))
    }

    # No label is left of a column that is gone, and a new column gets one or stands in INNER.
    assert set(COLUMNS) <= named
    assert without == INNER


def test_the_page_has_words_for_every_closed_word_that_it_shows(app):
    # In Chinese: some English labels are the very words of the tables.
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        bare = {
            (part.name, column.name, word.value)
            for part in EVERY.values()
            for column in part.columns
            if is_shown(column)
            for word in _words(column)
            if word_of(part.name, column.name, word) == word.value
        }

    assert bare == set()


def _words(column):
    closed = getattr(column.type, "words", None) or getattr(column.type, "enum_class", None)
    return closed or getattr(column.type, "enum", ())
