"""Months of a small office: every day's deeds, a lost disk and a bad upgrade (make months)."""
