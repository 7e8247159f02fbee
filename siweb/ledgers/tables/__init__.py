"""Contribution records, account and fund entries, seals: rows are only added."""
