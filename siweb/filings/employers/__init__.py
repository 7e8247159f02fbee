"""The employer's own pages: home with the 30-day clock, roster, one employee."""
