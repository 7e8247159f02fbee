"""Where a benefit's certification stands, and what a day changes in it."""
