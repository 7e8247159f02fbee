"""Accounts, sign-ins, mandates, tokens."""
