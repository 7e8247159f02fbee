"""How every calculation runs: one answer, many by a file, refusals in one sentence."""
