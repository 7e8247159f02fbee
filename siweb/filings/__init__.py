"""What employers file: forms, spreadsheets, receipts and the 30-day clock."""
