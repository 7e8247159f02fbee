"""The pages of sheets: upload, progress, the draft with its rows, correct in place, send."""
