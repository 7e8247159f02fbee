"""The rows of evidence."""
