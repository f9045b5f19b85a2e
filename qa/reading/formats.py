"""The readers of files that are no text by themselves, by the ending of the name.

They run where they can do no harm: see `qa.reading.isolation`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from types import MappingProxyType

from qa.reading.epub import read_epub
from qa.reading.mail import read_mail
from qa.reading.odt import read_odt
from qa.reading.pdf import read_pdf
from qa.reading.plain import Content, Unreadable
from qa.reading.sheets import read_sheets
from qa.reading.slides import read_slides
from qa.reading.word import read_word

_READERS: Mapping[str, Callable[[bytes], Content]] = MappingProxyType(
    {
        ".docx": read_word,
        ".eml": read_mail,
        ".epub": read_epub,
        ".odt": read_odt,
        ".pdf": read_pdf,
        ".pptx": read_slides,
        ".xlsx": read_sheets,
        ".xlsm": read_sheets,
    }
)
_ARCHIVES = frozenset(_READERS) - {".eml", ".pdf"}
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what Word, Excel and PowerPoint wrote before 2007
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_BYTES = 2 << 30  # unpacked
_MOST_TIMES = 400  # unpacked against packed; beyond it somebody means harm
_SMALL_BYTES = 64 << 20  # where it does none


def read_file(data: bytes, ending: str) -> Content:
    """Read the bytes of a file whose name ends in `ending`, one of `qa.reading.files.DOCUMENTS`.

    Raises:
        Unreadable: it cannot be read; whatever else went wrong inside a library is one too.
    """
    if ending in _ARCHIVES:
        _check_archive(data, ending)
    try:
        return _READERS[ending](data)
    except Unreadable:
        raise
    except ImportError as error:
        name = (error.name or "").partition(".")[0]
        raise Unreadable(f'reading {ending} needs {name}: pip install "cited-qa[files]"') from error
    except (MemoryError, RecursionError) as error:
        raise Unreadable("too large or too deep to be read; split it") from error
    except Exception as error:  # a library met bytes that its authors did not think of
        what = " ".join(f"{type(error).__name__}: {error}".split())[:120]
        raise Unreadable(f"damaged, or not {ending} ({what}); open it and save it anew") from error


def _check_archive(data: bytes, ending: str) -> None:
    """Refuse what is no zip file though its format is one, and what unpacks without measure."""
    if data.startswith(_OLD):
        if _ENCRYPTED in data:
            raise Unreadable("needs a password; save a copy without one")
        raise Unreadable(f"an old office file named {ending}; open it and save it as {ending}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = sum(one.file_size for one in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Unreadable(f"damaged, or not {ending}; open it and save it anew") from error
    if total > _MOST_BYTES or (total > _SMALL_BYTES and total > _MOST_TIMES * len(data)):
        raise Unreadable(f"unpacks to {total >> 20} MB, far more than a document holds; not opened")
