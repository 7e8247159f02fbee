"""Where staff decide applications for a pension."""
