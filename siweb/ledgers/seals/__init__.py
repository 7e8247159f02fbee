"""Seals over the books of a day, and the proof that nothing sealed has changed."""
