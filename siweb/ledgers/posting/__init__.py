"""Posting what was paid to records and accounts, and what reverses it."""
