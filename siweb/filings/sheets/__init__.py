"""Spreadsheets of filers: read whatever they use, write templates and their own sheet back."""
