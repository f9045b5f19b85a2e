"""Answers questions from your own documents, word for word, and says exactly where.

>>> from qa import Library
>>> with Library.open("handbook") as library:  # doctest: +SKIP
...     library.add("docs/")
...     print(library.ask("县级工会提升年的目标是什么").quote)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.errors import QAError
    from qa.library import Library
    from qa.records import Answer, Citation, Document, Hit, Passage

    __version__: str

__all__ = [
    "Answer",
    "Citation",
    "Document",
    "Hit",
    "Library",
    "Passage",
    "QAError",
    "__version__",
]

# Names are loaded when first used, so that `import qa` costs nothing.
_HOMES = {
    "Answer": "qa.records",
    "Citation": "qa.records",
    "Document": "qa.records",
    "Hit": "qa.records",
    "Library": "qa.library",
    "Passage": "qa.records",
    "QAError": "qa.errors",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("cited-qa")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'qa' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
