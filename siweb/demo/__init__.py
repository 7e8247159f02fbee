"""Demonstration data: made, not copied."""
