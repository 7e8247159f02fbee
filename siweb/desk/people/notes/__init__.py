"""Notes for colleagues on the pages of a person, an employer and a case."""
