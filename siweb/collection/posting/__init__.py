"""What of the bills stands in the books: marks on records, individual accounts, funds."""
