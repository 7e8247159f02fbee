"""Dates in the cells of tables stay on one line, whatever stands around them."""

import pytest
from markupsafe import Markup

from siweb.web.language.whole_dates import whole_dates, whole_value


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("<td>2026年3月5日</td>", "<td><bdi>2026年3月5日</bdi></td>"),
        ("<td>5 March 2026 14:05</td>", "<td><bdi>5 March 2026 14:05</bdi></td>"),
        (
            "<td>2025年1月至2025年12月</td>",
            "<td><bdi>2025年1月</bdi>至<bdi>2025年12月</bdi></td>",
        ),
        ("<td>from May 2026 on</td>", "<td>from <bdi>May 2026</bdi> on</td>"),
        ("<dd>3101**********0007</dd>", "<dd><bdi>3101**********0007</bdi></dd>"),
        ("<dd>31010119900307901X</dd>", "<dd><bdi>31010119900307901X</bdi></dd>"),
        ("<dd>91310001MAD000000X</dd>", "<dd><bdi>91310001MAD000000X</bdi></dd>"),
        ("<dd>6222021234567890123</dd>", "<dd>6222021234567890123</dd>"),
        # What an attribute says is no text, and what is marked already is left alone.
        ('<a title="5 March 2026">x</a>', '<a title="5 March 2026">x</a>'),
        ("<time>5 March 2026</time>", "<time>5 March 2026</time>"),
        ("<td>2026-03-05, 1,234.56</td>", "<td>2026-03-05, 1,234.56</td>"),
    ],
)
def test_a_date_is_one_piece(cell, shown):
    assert whole_dates(Markup(cell)) == shown


def test_what_somebody_typed_stays_text():
    assert whole_dates("<b>5 March 2026") == "&lt;b&gt;<bdi>5 March 2026</bdi>"


def test_a_fact_is_marked_where_it_is_nothing_but_a_date_or_a_number():
    assert whole_value("5 March 2026") == "<bdi>5 March 2026</bdi>"
    assert whole_value("3101**********0007") == "<bdi>3101**********0007</bdi>"
    assert whole_value("due by 5 March 2026") == "due by 5 March 2026"
    assert whole_value(5) == 5
