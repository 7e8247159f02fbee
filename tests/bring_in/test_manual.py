"""docs/bring-in.md has the columns that are read, and no others."""

from click.testing import CliRunner

from siweb.bring_in.actions import KINDS
from siweb.bring_in.labels import PROBLEMS, TITLES
from siweb.bring_in.manual import column_tables
from siweb.cli import main
from tests.architecture.sources import ROOT


def test_the_manual_has_the_columns_of_every_kind():
    written = (ROOT / "docs" / "bring-in.md").read_text("utf-8")

    assert written.partition("## Columns\n\n")[2].strip() == column_tables()


def test_every_kind_has_a_title_and_tells_its_columns_apart():
    assert set(TITLES) == set(KINDS)
    for kind in KINDS.values():
        names = [column.name for column in kind.row_import.columns]
        headings = [column.heading for column in kind.row_import.columns]
        assert len({*names, *headings}) == len(names) + len(headings)
        assert set(kind.row_import.compared) <= set(names)


def test_every_sentence_tells_what_to_do():
    for sentence in PROBLEMS.values():
        assert str(sentence).rstrip(".”").count(". ") or ":" in str(sentence)


def test_the_command_prints_the_same_columns():
    printed = CliRunner().invoke(main, ["bring-in", "--columns"])

    assert (printed.exit_code, printed.output.strip()) == (0, column_tables())
