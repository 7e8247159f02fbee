"""Why a deed of an assessment is refused; the words are found where it is shown."""


class AssessmentRefused(ValueError):
    """When something may not be done with a case as it stands; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
