"""Notes that stay inside the office: on a person, an employer or a case, for colleagues alone."""
