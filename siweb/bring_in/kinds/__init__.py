"""The kinds of files: what columns each has, and how its rows come into the register."""
