"""The five insurances and the three schemes, in the order in which they are shown everywhere."""

INSURANCES = ("pension", "medical", "unemployment", "work_injury", "maternity")
SCHEMES = ("employee", "flexible", "resident")
