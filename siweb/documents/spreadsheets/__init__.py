"""Lines of CSV and XLSX files that the office hands out."""
