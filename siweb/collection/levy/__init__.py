"""The monthly levy: start, run, preview, adjust, issue."""
