"""Files to documents: which to read, their encoding, format, title and date.

`survey` lists the files below a path; a `Reader` makes documents of their bytes, one by one, and
`read_document` one of one.
"""

from __future__ import annotations

from qa.reading.documents import Reader, Reading, read_document
from qa.reading.files import Survey, existing, present, survey

__all__ = ["Reader", "Reading", "Survey", "existing", "present", "read_document", "survey"]
