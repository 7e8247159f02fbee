"""The desk's pages of benefits: what is paid, what was paid too much, the paying side's lists."""
