"""Failures and refusals as pages, and as lines of the log without personal data."""
