"""The catalogues of the two languages, found by name: what code says is translated word by word."""

from functools import cached_property
from typing import Any

from flask_babel import Babel, Domain, get_locale


class Catalogues(Domain):  # type: ignore[misc]
    """Flask-Babel's own keeps catalogues by a locale's text, which it writes out for each word."""

    def __init__(self, domain: str) -> None:
        super().__init__(domain=domain)
        self._by_language: dict[tuple[str, str | None], Any] = {}

    def get_translations(self) -> Any:
        """Return the catalogue of the language that is spoken now."""
        locale = get_locale()
        if locale is None:
            return super().get_translations()
        name = locale.language, locale.script
        found = self._by_language.get(name)
        if found is None:
            found = self._by_language[name] = super().get_translations()
        return found


class OfficeBabel(Babel):  # type: ignore[misc]
    """Babel with these catalogues."""

    @cached_property
    def domain_instance(self) -> Catalogues:
        """Return the catalogues of the office's sentences."""
        return Catalogues(self.domain)
