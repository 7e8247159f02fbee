"""Where agency staff work."""
