"""Fields that nobody reads without a key: the keys, and the columns that are sealed with them."""
