"""Parameters: the packs that an office works by, put in force by two."""
