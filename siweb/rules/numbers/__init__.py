"""Whole fen, parts per million, and the rounding of both."""
