"""What a wheel needs and the repository does not keep: the compiled Chinese."""

import tempfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CATALOGUES = "siweb/cli/development/catalogues.py"
PLACE = "siweb/translations/zh_Hans/LC_MESSAGES"


class CompiledCatalogues(BuildHookInterface[Any]):
    """Compile the catalogues beside the tree, so that a build changes nothing in it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the compiled file into the wheel.

        An editable install (`version` is "editable") reads the tree: there
        `siweb translations compile` makes it.
        """
        if version == "editable":
            return
        catalogues = _load(Path(self.root) / CATALOGUES)
        self._folder = tempfile.TemporaryDirectory()
        compiled = Path(self._folder.name) / catalogues.COMPILED
        catalogues.write_compiled(compiled)
        build_data["force_include"][str(compiled)] = f"{PLACE}/{catalogues.COMPILED}"

    def finalize(self, _version: str, _build_data: dict[str, Any], _artifact: str) -> None:
        """Remove what was compiled."""
        if hasattr(self, "_folder"):
            self._folder.cleanup()


def _load(path: Path) -> Any:
    """Return the module at a path, without the package around it, which needs all of siweb's."""
    spec = spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
