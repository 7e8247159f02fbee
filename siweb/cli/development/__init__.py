"""Commands for whoever works on siweb: benchmarks, catalogues."""
