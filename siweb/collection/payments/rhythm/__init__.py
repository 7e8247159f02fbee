"""Paying by the quarter or the year: the choice, and which bills are paid together."""
