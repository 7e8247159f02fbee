"""Signs (线索) from other offices' lists: read, matched, kept once, and looked at by somebody."""
