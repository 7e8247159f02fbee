"""A benefit that was not due: it ends once that was served, and may begin again."""
