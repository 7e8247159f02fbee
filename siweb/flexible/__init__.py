"""Flexible workers (灵活就业人员): people who insure themselves, and stop (SIL 10, 23, 58)."""
