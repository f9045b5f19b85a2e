"""What a person typed, without what a terminal or a paste put between the characters."""

from __future__ import annotations

import re

# The sequences of ECMA-48: those with parameters (ESC [ … letter), strings up to their end
# (ESC ] … BEL), function keys (ESC O letter), and the short ones.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]P^_X]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1bO[A-Za-z]"
    r"|\x1b[ -/]*[0-NP-WYZ`-~]"
    r"|\[20[01]~"  # around a paste, its escape character already lost
)
# Blanks and line ends stay, and so do the joiners that emoji and some scripts need.
_CONTROL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)

_LINE_ENDS = re.compile(r"[ \t\u3000]*[\n\v\f\r\x85\u2028\u2029]\s*")


def typed_text(raw: str) -> str:
    r"""Give a text without escape sequences and control characters; half characters become `?`.

    >>> typed_text("\x1b[A骑手\x1b[200~之家\x1b[201~\x00")
    '骑手之家'
    """
    whole = raw.encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub("", _SEQUENCE.sub("", whole))


def typed_line(raw: str) -> str:
    r"""Give the same as one line: where others began is a blank.

    >>> typed_line("骑手\x1b[31m之家\r\n  在哪里")
    '骑手之家 在哪里'
    """
    return _LINE_ENDS.sub(" ", typed_text(raw))
