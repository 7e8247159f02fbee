"""City services, office hall, guides, calculators and home pages."""
