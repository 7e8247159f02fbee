"""Months, working days and legal deadlines."""
