"""The engine of every multi-page form."""
