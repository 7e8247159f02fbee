"""Form fields that every subject shares, and what a form may not keep."""
