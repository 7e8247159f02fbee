"""The law as pure functions over ints and dates: no Flask, no tables, no reading of files."""
