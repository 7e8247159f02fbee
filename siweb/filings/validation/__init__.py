"""Validating rows: against the law, the register and each other."""
