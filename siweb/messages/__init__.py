"""What the office tells people and employers: their inbox, e-mails and text messages."""
