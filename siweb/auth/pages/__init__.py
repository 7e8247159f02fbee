"""What people see of signing in: a folder for each page, and what several of them say."""
