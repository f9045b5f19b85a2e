"""Characters looked up many at once: what a dictionary takes a text's length for, in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # words are cut, and texts folded, where NumPy is not loaded yet
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]

_SIZE = 0x30000  # what is in use; beyond stand the rarest characters and those of nobody
_NOT_MET = 0xFFFFFFFF


class CharacterTable:
    """A number for each character, found out when one is first met. Safe from several threads.

    Args:
        find: Gives the number of a code point, below 2³² - 1.
    """

    def __init__(self, find: Callable[[int], int]) -> None:
        self._find = find
        self._numbers: Codes | None = None

    def of(self, codes: Codes) -> Codes:
        """Give the numbers of code points as `code_points` gives them; none of none."""
        import numpy as np

        if self._numbers is None:
            self._numbers = np.full(_SIZE, _NOT_MET, dtype=np.uint32)
        numbers = self._numbers
        found = numbers.take(codes)
        if len(found) and found.max() == _NOT_MET:
            for code in np.unique(codes[found == _NOT_MET]).tolist():
                numbers[code] = self._find(code)
            found = numbers.take(codes)
        return found


def code_points(text: str) -> Codes | None:
    """Give the code points of a text, uint32 (n,); None where one is too rare for a table."""
    import numpy as np

    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return codes if not len(codes) or codes.max() < _SIZE else None


def text_of(codes: Codes) -> str:
    """Give the text of code points, none of them half a character."""
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le")
