"""Reports that somebody works without being registered, one by one or as a list."""
