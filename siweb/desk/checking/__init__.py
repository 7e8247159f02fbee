"""What forms of the desk share: sent once, sent to a second person, shown while they wait."""
