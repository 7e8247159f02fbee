"""What the office shows of itself on every page: name, telephone, emblem."""
