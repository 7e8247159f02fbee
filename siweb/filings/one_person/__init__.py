"""Forms for one person: each is a filing with one row, checked and applied as any other."""
