"""Files that add something by being there: a call feature, a phone application, a job, a page.

The product's own come from a package; a customer's come from a folder of his (OFFICESMART_EXTRA),
which is searched the same way. A customer's file that cannot be loaded is logged and passed over:
the office still works. One of ours that cannot be loaded is a fault, and raises.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

log = logging.getLogger(__name__)


def modules_of(package: str) -> Iterator[ModuleType]:
    """Every module of one of our packages, by name; those that begin with '_' are left out."""
    found = importlib.import_module(package)
    for each in sorted(pkgutil.iter_modules(found.__path__), key=lambda module: module.name):
        if not each.name.startswith("_"):
            yield importlib.import_module(f"{package}.{each.name}")


def modules_in(folders: Sequence[Path], *, prefix: str) -> Iterator[ModuleType]:
    """Every `*.py` file of a customer's folders, by name; a folder that is not there has none.

    prefix: keeps two folders' files of one name apart in `sys.modules`.
    """
    for number, folder in enumerate(folders):
        for path in sorted(folder.glob("*.py")):
            if path.name.startswith("_"):
                continue
            module = _load(path, f"{prefix}_{number}_{path.stem}")
            if module is not None:
                yield module


def _load(path: Path, name: str) -> ModuleType | None:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # pydantic looks a class's module up by name
    try:
        spec.loader.exec_module(module)
    except Exception:  # a stranger's file may fail in any way; the office goes on without it
        del sys.modules[name]
        log.exception("passed over: %s cannot be loaded", path)
        return None
    return module
