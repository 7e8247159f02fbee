"""On a phone a cell says its heading."""

import pytest

from siweb.web.language.labelled_cells import labelled_cells


@pytest.mark.parametrize(
    ("rows", "labelled"),
    [
        (
            '<tr><th scope="row">甲</th><td>1</td><td class="number">2</td></tr>',
            '<tr><th scope="row">甲</th><td data-is="B">1</td><td class="number" data-is="C">2</td></tr>',
        ),
        # Each row counts anew, and what has a word keeps it.
        (
            '<tr><td>1</td></tr><tr><td data-is="own">2</td><td>3</td></tr>',
            '<tr><td data-is="A">1</td></tr><tr><td data-is="own">2</td><td data-is="B">3</td></tr>',
        ),
        # Neither a heading without words nor a cell beyond the headings has one.
        (
            "<tr><td>1</td><td>2</td><td>3</td><td>4</td><td>5</td></tr>",
            '<tr><td data-is="A">1</td><td data-is="B">2</td><td data-is="C">3</td><td>4</td><td>5</td></tr>',
        ),
    ],
)
def test_cells_are_labelled_by_their_column(rows, labelled):
    assert labelled_cells(rows, ("A", "B", "C", "")) == labelled


def test_a_heading_is_text():
    assert labelled_cells("<td>1</td>", ('"<b>',)) == '<td data-is="&quot;&lt;b&gt;">1</td>'
