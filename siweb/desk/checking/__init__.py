"""What pages of the desk share whose actions wait for a second person."""
