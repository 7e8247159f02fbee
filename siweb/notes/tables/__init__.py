"""Notes as they are kept."""
