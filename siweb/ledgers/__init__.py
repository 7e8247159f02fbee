"""Contribution records and individual accounts: the tables and the pages that show them."""
