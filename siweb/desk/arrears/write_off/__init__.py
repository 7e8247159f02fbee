"""Write arrears off, and reinstate them: made by one and checked by another."""
