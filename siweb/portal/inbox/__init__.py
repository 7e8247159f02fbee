"""The inbox of a citizen and of an employer."""
