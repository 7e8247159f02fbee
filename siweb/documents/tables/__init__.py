"""Papers that were issued, and each time one was verified."""
