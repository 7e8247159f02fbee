"""What is done at the office, subject by subject, by the kind of message that it leads to."""
