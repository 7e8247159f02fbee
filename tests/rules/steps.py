"""Explanations as lines of text, so that a test can show all that a reader would see."""


def as_text(explained):
    return [_line(step) for step in explained.steps]


def _line(step):
    inputs = ", ".join(f"{name}={value}" for name, value in sorted(step.inputs.items()))
    parameter = step.parameter or "-"
    return f"{step.label}: {step.formula} [{inputs}] = {step.result} | {step.rule} | {parameter}"
