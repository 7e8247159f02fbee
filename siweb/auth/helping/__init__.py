"""Acting for another person (帮办): given by a code or on paper, held to a few things, ended."""
