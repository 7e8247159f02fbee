"""From a file of a bank to its entries and what it states of itself, in whatever shape."""
