"""By what people and employers are found: one table of keys, which whoever writes them keeps."""
