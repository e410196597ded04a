"""Compiled kernels, kept on disk for the next process.

Numba asks a kernel's cache for each signature it meets (`load_overload`) and hands it what it compiled
(`save_overload`). Its own cache unpickles, and so executes, whatever file lies in its folder. This one keeps
them in a :class:`~hedgerow.disk.cache.Cache`, each in a file of its own with all that it depends on: what is not
this very kernel, as a process of this user compiled it, is compiled afresh.
"""

import inspect
import pickle
import sys
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.core import compiler, serialize
from numba.core.caching import NullCache

from hedgerow.disk.cache import Cache

_dumps: Callable[[Any], bytes] = serialize.dumps
_rebuild: Callable[..., Any] = compiler.CompileResult._rebuild
"""What Numba's own cache makes of a compiled kernel, and a kernel of."""


@cache
def kernels() -> Cache:
    """Return the cache of kernels of this very source, Python, NumPy and Numba: a changed rule is never run stale."""
    digest = sha256(f"{numba.__version__} {np.__version__} {sys.version}".encode())
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(file.read_bytes())
    return Cache(digest.hexdigest(), "compiled rules", "compiled afresh, which may take a minute")


class Kept(NullCache):
    """The cache of one kernel, as Numba's dispatcher asks for it.

    The source is read when the kernel is made, not when it is called: by then it may be another.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function, self._cache = function, kernels()
        self._source = _source(inspect.getfile(function))

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return what was compiled for a signature, ready to be called; none if it is not there."""
        target_context.refresh()
        key = self._key(sig, target_context.codegen())
        name = self._name(key)
        content = self._cache.load(name)
        if content is None:
            return None
        try:
            kept, parts = pickle.loads(content)
            if kept == key:
                return _rebuild(target_context, *parts)
        except Exception:
            self._cache.damaged(name)
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled for a signature, unless it holds addresses of this process."""
        if data.library.has_dynamic_globals or data.lifted:
            return
        key = self._key(sig, data.codegen)
        self._cache.save(self._name(key), _dumps((key, data._reduce())))

    def _key(self, sig: Any, codegen: Any) -> tuple[Any, ...]:
        """Return all that a compiled kernel depends on, besides the core."""
        code, cells = self._function.__code__, self._function.__closure__ or ()
        values = _dumps(tuple(cell.cell_contents for cell in cells))
        where = (self._source, code.co_firstlineno, self._function.__qualname__)
        return (*where, sha256(code.co_code + values).hexdigest(), codegen.magic_tuple(), sig)

    def _name(self, key: tuple[Any, ...]) -> str:
        return f"{self._function.__name__[:80]}-{sha256(repr(key).encode()).hexdigest()[:16]}"


@cache
def _source(file: str) -> str:
    """Return the place and a digest of the file that a kernel is written in."""
    return f"{file} {sha256(Path(file).read_bytes()).hexdigest()}"
