"""A month of a large table of PostgreSQL as a table of its own, by region; nothing on SQLite.

The rows of a region lie in a part of their own, and within it by month; a closed year is one part
(docs/decisions/0023-a-month-is-a-table.md).
"""
