"""Employers whose yearly declaration is missing, and what follows (SIL 62)."""
