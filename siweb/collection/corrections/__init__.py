"""Corrections of a record as pages show them: to who made it, who checks it, and whose it is."""
