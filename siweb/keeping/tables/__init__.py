"""The rows of keeping."""
