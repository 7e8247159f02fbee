"""Work for later: a job is a row, written in the transaction that wants it done."""
