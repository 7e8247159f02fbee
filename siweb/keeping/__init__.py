"""How long scans are kept, what keeps them longer, and what was destroyed when that was over."""
