"""Why a levy is refused; the words are found where it is shown."""


class LevyRefused(ValueError):
    """When a month may not be levied as asked; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
