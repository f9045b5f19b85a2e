"""Files to documents: which to read, their encoding, format, title and date.

`survey` lists the files below a path; `read_document` makes a document of the bytes of one.
"""

from __future__ import annotations

from qa.reading.documents import read_document
from qa.reading.files import Survey, existing, survey

__all__ = ["Survey", "existing", "read_document", "survey"]
