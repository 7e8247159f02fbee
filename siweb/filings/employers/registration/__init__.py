"""Employers register, change and end their registration (SIL 57)."""
