"""What a library holds and what it was made with, counted."""

from __future__ import annotations

from qa.answering import Answering
from qa.folder import Folder
from qa.records import Status
from qa.splitting import SPLITTING


def taken(folder: Folder, library: Answering) -> Status:
    """Give the status of a library in a folder; its parts are up to date."""
    store, indexes = library.store, library.indexes
    documents, passages = store.counts()
    in_file, in_memory, excluded = indexes.vector_sizes
    return Status(
        folder=str(folder.path),
        documents=documents,
        passages=passages,
        disk_bytes=folder.disk_bytes(),
        encoder=library.encoder.name,
        dimensions=library.encoder.dimensions,
        cutter=indexes.cutter.name,
        splitting=SPLITTING,
        generation=store.generation,
        terms=indexes.terms.size,
        vectors_in_file=in_file,
        vectors_in_memory=in_memory,
        vectors=in_file + in_memory - excluded,
        vector_recall=indexes.vector_recall,
        reranker=library.reranker.name if library.reranker else "",
        threshold=library.kept.current.threshold,
        calibration=library.kept.state,
    )
