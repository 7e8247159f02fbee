"""Leave out what a part holds besides what is looked for: whole elements, with all inside them."""

from xml.parsers import expat

from siweb.documents.spreadsheets.reading.xlsx.package import Attributes


class Skipping:
    """The base of handlers of long parts: `skip` leaves out the element that just began.

    While it is left out the parser calls two small functions only, so the handlers for cells need
    no test for where they are.
    """

    __slots__ = ("depth", "parser")

    parser: expat.XMLParserType
    depth: int

    def begin(self, parser: expat.XMLParserType) -> None:
        """Get to know the parser, and be called by it."""
        self.parser = parser
        self.depth = 0
        self._resume()

    def skip(self) -> None:
        """Leave out everything up to the end of the element that just began."""
        self.depth = 1
        self.parser.StartElementHandler = self._deeper
        self.parser.EndElementHandler = self._back
        self.parser.CharacterDataHandler = None

    def start(self, name: str, attributes: Attributes) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError

    def text(self, data: str) -> None:
        raise NotImplementedError

    def _deeper(self, _name: str, _attributes: Attributes) -> None:
        self.depth += 1

    def _back(self, _name: str) -> None:
        self.depth -= 1
        if not self.depth:
            self._resume()

    def _resume(self) -> None:
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
