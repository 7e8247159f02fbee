"""The counter: a person is registered there, reached, and given the code that opens an account."""
