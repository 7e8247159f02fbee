"""Two-person actions (经办、复核): made by one, done when another has checked them."""
