"""Who may act for a person, at the counter: entered from a paper by two, ended by one."""
