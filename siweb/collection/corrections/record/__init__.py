"""Correct one person's record: the register first, then the difference of what was billed."""
