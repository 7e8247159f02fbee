"""The law as dated data: packs of parameters, read, checked and looked up by month."""
