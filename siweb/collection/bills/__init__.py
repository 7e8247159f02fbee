"""Bills as their payers see them: pages, the paper and the spreadsheet."""
