"""Paying a bill online, through whatever gateway the office's settings name."""
