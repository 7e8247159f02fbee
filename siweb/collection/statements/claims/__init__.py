"""Which entry is which: each counts once, whoever imports it, however many statements carry it."""
