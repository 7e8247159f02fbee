"""Withdrawing what was sent: whole or by row, until its month is levied."""
