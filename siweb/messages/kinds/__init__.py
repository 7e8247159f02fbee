"""The kinds of message by their subjects: whom each reaches, what it says, where it waits."""
