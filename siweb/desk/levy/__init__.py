"""The desk's pages of the levy: show a month, bill it, adjust earlier months."""
