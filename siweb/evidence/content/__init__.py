"""What a file is by its content: its name and what the browser says of it count for nothing."""
