"""Seal anew, under the newest field key, what lies under an older one: while the office runs."""
