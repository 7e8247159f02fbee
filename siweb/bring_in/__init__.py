"""Bring in an old system's data: people, employers, months, accounts, benefits, from its files."""
