"""Read by every Python that starts with this folder on PYTHONPATH: plants the bug that WASL_PLANT names, in children too."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType


class PlantedSource(SourceFileLoader):
    """The module's own source with the plant's changes; no cached bytecode is read or written."""

    def get_code(self, fullname: str) -> CodeType:
        from plants import PLANTS

        source = self.get_data(self.path).decode()
        for old, new in PLANTS[os.environ["WASL_PLANT"]].changes:
            if source.count(old) != 1:
                raise RuntimeError(f"the plant no longer fits {fullname}: {old!r} stands there {source.count(old)} times")
            source = source.replace(old, new)
        return compile(source, self.path, "exec", dont_inherit=True)


class Planter(MetaPathFinder):
    def __init__(self, module: str) -> None:
        self.module = module

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname != self.module:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.origin is not None:
            spec.loader = PlantedSource(fullname, spec.origin)
        return spec


if os.environ.get("WASL_PLANT"):
    from plants import PLANTS

    sys.meta_path.insert(0, Planter(PLANTS[os.environ["WASL_PLANT"]].module))
