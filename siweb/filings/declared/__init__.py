"""What employees say to what was declared about them (申报缴纳管理规定 5)."""
