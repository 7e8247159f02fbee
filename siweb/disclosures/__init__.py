"""Which pages, files and answers show other people's data, and why: declared here for all rooms."""
