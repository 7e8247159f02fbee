"""Reviews that go on on people's own phones: the poster for all, a code for one case."""
