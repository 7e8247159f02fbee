"""What the office says of itself: how it protects data, who can use it, where it is found."""
