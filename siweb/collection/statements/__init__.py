"""Bank statements and the tax office's lists, read and imported."""
