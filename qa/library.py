"""The library: a folder of documents that answers questions with passages you can check."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from embeddings.encoder import Encoder, load_encoder
from embeddings.reranker import Reranker, load_reranker
from embeddings.words import WordCutter, cutter
from qa import adding, checking
from qa.adding import Source
from qa.answering import Answering
from qa.backups import write_backup
from qa.calibration import Calibration
from qa.cleaning import AS_IT_IS, Cleaning
from qa.errors import Fault, LibraryDamaged, PassageNotFound
from qa.folder import Folder
from qa.indexes import Indexes
from qa.keeping import Kept, fitted_for
from qa.making import Making, is_recorded, make, remake
from qa.records import AddReport, Answer, Document, Feedback, Hit, Passage, Status, VerifyReport
from qa.splitting import SPLITTING
from qa.store import Store
from qa.writing import remove, write

_logger = logging.getLogger(__name__)

ProgressCall = Callable[[int, int], None]


class Library:
    """A folder on your disk: add documents to it, ask it questions.

    Reading is safe from several threads and processes while one writer adds. Use it as a context
    manager, or call `close`.
    """

    def __init__(
        self,
        folder: Folder,
        store: Store,
        *,
        indexes: Indexes,
        encoder: Encoder,
        words: WordCutter,
        reranker: Reranker | None = None,
    ) -> None:
        self.folder = folder.path
        self._folder = folder
        self._store = store
        self._indexes = indexes
        self._encoder = encoder
        self._words = words
        self._reranker = reranker
        self._cleaning = AS_IT_IS
        self._kept = Kept(store, fitted_for(encoder, reranker))
        self._answering = Answering(store, indexes, encoder, words, self._kept, reranker)
        self._making = Making.of(encoder, words)
        self._agreed = -1  # the generation at which the library was made with the same

    @classmethod
    def open(
        cls,
        path: str | Path,
        encoder: str | Encoder = "builtin",
        create: bool = True,
        *,
        words: Iterable[str] = (),
        reranker: str | Reranker | None = None,
        cleaning: Cleaning | None = None,
    ) -> Library:
        """Open the library in a folder.

        Args:
            path: The folder; made when missing, unless `create` is false.
            encoder: `builtin`, a path or name of a sentence-transformers model, or any object with
                the methods of `embeddings.encoder.Encoder`.
            create: Whether to make a library where there is none.
            words: The user's own words, which are then cut as one.
            reranker: A path or name of a sentence-transformers CrossEncoder, or any object with the
                methods of `embeddings.reranker.Reranker`, that scores the best passages of a
                question again; None or an empty name for none.
            cleaning: What else is noise in the documents that are added, and what is not.

        Raises:
            LibraryNotFound: there is none and `create` is false, or the folder holds other things.
            LibraryOutdated: it was made with another encoder, word cutting or splitting.
            LibraryDamaged: its database cannot be read.
            embeddings.errors.ModelUnavailable: the encoder or the reranker cannot be loaded.
        """
        library = cls._opened(Path(path), encoder, create, words, reranker)
        library._cleaning = cleaning or AS_IT_IS
        try:
            library._record_making()
            library._refresh()
        except BaseException:
            library.close()
            raise
        return library

    @classmethod
    def rebuild(
        cls,
        path: str | Path,
        encoder: str | Encoder = "builtin",
        *,
        words: Iterable[str] = (),
        cleaning: Cleaning | None = None,
        progress: ProgressCall | None = None,
    ) -> Status:
        """Clean, split, encode and index all documents of a library anew, from what it stores.

        The source files are not needed. Passages get new ids. All of it happens, or nothing.

        Raises:
            LibraryNotFound, LibraryDamaged, LibraryLocked: as `open` and `add`.
        """
        with cls._opened(Path(path), encoder, create=False, words=words) as library:
            with library._folder.writing():
                library._cleaning = cleaning or library._cleaning
                how = (library._making, library._encoder, library._cleaning)
                remake(library._store, *how, progress=progress)
                library._indexes.clear()
                library._indexes.catch_up()
            return library.status()

    def add(
        self,
        sources: Source | Iterable[Source],
        progress: ProgressCall | None = None,
        *,
        encoding: str | None = None,
    ) -> AddReport:
        """Bring files, folders or documents into the library, or up to date in it.

        A folder is followed: files that are gone from it are removed, unchanged ones cost one hash.
        What has been written stays when this is interrupted; the next `add` goes on from there.

        Args:
            sources: A path, a Document, or several of either.
            progress: Called with sources done and sources in all.
            encoding: What text is decoded as; such files are read again even when unchanged.

        Raises:
            SourceNotFound: a path does not exist; nothing was added.
            LibraryLocked: another process is writing.
            LibraryDamaged: the database cannot be written (a full disk, say).
        """
        with self._folder.writing():
            self._agree()
            keys = self._store.document_keys()
            todo = adding.plan(adding.as_sources(sources), keys, exclude=[self.folder])
            done = adding.Progress(skipped=list(todo.skipped))
            remove(self._store, todo.gone)
            done.removed += [key.path for key in todo.gone]
            batch: list[adding.Change] = []
            made = partial(make, encoder=self._encoder, cleaning=self._cleaning)
            found = enumerate(adding.changes(todo, keys, done, encoding=encoding), start=1)
            for number, change in found:
                if change is not None:
                    batch.append(change)
                if adding.is_full(batch):
                    write(self._store, batch, done, made)
                    batch = []
                if progress:
                    progress(number, len(todo.tasks))
            write(self._store, batch, done, made)
            self._indexes.catch_up()
        return done.report()

    def remove(self, paths: str | Path | Iterable[str | Path]) -> tuple[str, ...]:
        """Take documents out: files, all of a folder, or paths as `documents` gives them.

        Returns:
            The paths removed.

        Raises:
            SourceNotFound: nothing of a path is in the library; nothing was removed.
            LibraryLocked: another process is writing.
        """
        asked = [paths] if isinstance(paths, str | Path) else list(paths)
        with self._folder.writing():
            self._agree()
            gone = adding.named(asked, self._store.document_keys())
            remove(self._store, gone)
            self._indexes.catch_up()
        return tuple(key.path for key in gone)

    def search(self, query: str, k: int = 10, *, without: Collection[str] = ()) -> list[Hit]:
        """Give up to `k` passages, best first; a query that nothing matches gives [].

        Args:
            query: A question or words.
            k: How many passages at most.
            without: Paths, as `documents` gives them, of documents to leave out.
        """
        self._refresh()
        return self._answering.search(query, k, without)

    def ask(
        self,
        question: str,
        k: int = 3,
        history: Sequence[str | Answer] = (),
        *,
        without: Collection[str] = (),
        calibrated: bool = True,
    ) -> Answer:
        """Answer a question with a verbatim quote and up to `k` citations, or say it is not found.

        When it is not found, a question that differs by a slip of the keys and is may be suggested.

        Args:
            question: As a person asks it; an empty one is not found.
            k: How many citations at most.
            history: Earlier questions or answers of the conversation, oldest first. What they
                name and the question leaves out is added where the documents then answer better;
                `understood` and `added` of the answer say so. Ask without it to undo that.
            without: Paths, as `documents` gives them, of documents to leave out.
            calibrated: Whether the library's own calibration is used, if it has one.
        """
        self._refresh()
        return self._answering.ask(question, k, history, without=without, calibrated=calibrated)

    @property
    def calibration(self) -> Calibration:
        """How confidences are read here: as `qa.calibrating.calibrate` found, or as shipped."""
        return self._kept.current

    def set_calibration(self, calibration: Calibration | None) -> None:
        """Keep a calibration in the library, for its encoder and reranker; None: what ships.

        Raises:
            LibraryLocked: another process is writing.
        """
        with self._folder.writing():
            self._kept.keep(calibration)
            self._indexes.catch_up()

    def give_feedback(self, feedback: Feedback) -> None:
        """Keep what a person said of an answer, also while another process adds documents.

        Raises:
            LibraryDamaged: it cannot be written (a full disk, say).
        """
        self._store.put_feedback(feedback)

    def feedback(self) -> list[Feedback]:
        """Give all that people said of answers, oldest first."""
        return self._store.feedback()

    def documents(self) -> Iterator[Document]:
        """Give all documents, one at a time, in order of source and path."""
        return self._store.documents()

    def titles(self) -> list[str]:
        """Give the titles of all documents, in the order they were added."""
        return self._store.titles()

    def passage(self, passage_id: int) -> tuple[Document, Passage]:
        """Give one passage with its document.

        Raises:
            PassageNotFound: there is none with this id (any more).
        """
        for candidate in self._store.candidates([passage_id]):
            document = self._store.document(candidate.passage.document_id)
            if document is not None:
                return document, candidate.passage
        raise PassageNotFound(
            f"no passage has the id {passage_id}: ids are shown by `qa search`", passage_id
        )

    def passages(self, document: Document) -> list[Passage]:
        """Give a document's passages in reading order; [] when it is not in the library."""
        number = self._store.document_id(document.source, document.path)
        return [] if number is None else self._store.passages_of(number)

    @property
    def encoder(self) -> Encoder:
        """What makes the vectors."""
        return self._encoder

    def damage(self) -> str | None:
        """Give SQLite's own account of what is wrong with the database; None when it is sound."""
        return self._store.damage()

    def status(self) -> Status:
        """Give what the library holds and what it was made with."""
        self._refresh()
        documents, passages = self._store.counts()
        in_file, in_memory, excluded = self._indexes.vector_sizes
        return Status(
            folder=str(self.folder),
            documents=documents,
            passages=passages,
            disk_bytes=self._folder.disk_bytes(),
            encoder=self._encoder.name,
            dimensions=self._encoder.dimensions,
            cutter=self._words.name,
            splitting=SPLITTING,
            generation=self._store.generation,
            terms=self._indexes.terms.size,
            vectors_in_file=in_file,
            vectors_in_memory=in_memory,
            vectors=in_file + in_memory - excluded,
            vector_recall=self._indexes.vector_recall,
            reranker=self._reranker.name if self._reranker else "",
            threshold=self._kept.current.threshold,
            calibration=self._kept.state,
        )

    def verify(self, progress: ProgressCall | None = None) -> VerifyReport:
        """Read every source file again, and report what no longer stands as it is quoted.

        Args:
            progress: Called with documents done and documents in all.

        Raises:
            LibraryDamaged: the database itself is not sound.
        """
        return checking.verify(self._store, progress)

    def backup(self, file: str | Path) -> int:
        """Write a backup to a new file, also while others ask and add; give its bytes.

        `qa.backups.restore` makes a library of it.

        Raises:
            BackupError: the file is there already, or cannot be written.
            LibraryDamaged: the library cannot be read.
        """
        return write_backup(self._store, Path(file))

    def close(self) -> None:
        """Close the files; calling it again does nothing."""
        self._store.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @classmethod
    def _opened(
        cls,
        path: Path,
        encoder: str | Encoder,
        create: bool,
        words: Iterable[str],
        reranker: str | Reranker | None = None,
    ) -> Library:
        folder = Folder(path)
        folder.check(create=create)
        model = load_encoder(encoder) if isinstance(encoder, str) else encoder
        second = load_reranker(reranker) if isinstance(reranker, str) and reranker else reranker
        folder.make()
        store = Store.open(folder.file)
        cut = cutter(user_words=words)
        indexes = Indexes(folder.path, store, cut, model.dimensions, model.fingerprint)
        return cls(
            folder, store, indexes=indexes, encoder=model, words=cut, reranker=second or None
        )

    def _record_making(self) -> None:
        if is_recorded(self._store):
            return
        with self._folder.writing(), self._store.writing() as writing:
            if not is_recorded(self._store):  # another process may have been first
                self._making.record(writing)

    def _agree(self) -> None:
        """Check that the library is (still: another process may rebuild it) made with the same."""
        generation = self._store.generation
        if generation != self._agreed:
            self._making.check(self._store, self.folder)
            self._agreed = generation

    def _refresh(self) -> None:
        """See what other processes have written, and finish what one of them could not."""
        self._agree()
        self._indexes.refresh()
        if self._indexes.behind:
            self._heal()

    def _heal(self) -> None:
        """Bring the indexes up to the store, unless a writer is at work, which will do it."""
        with self._folder.writing_if_free() as free:
            if not free:
                return self._indexes.warn_if_missing()
            try:
                self._indexes.catch_up()
            except LibraryDamaged as error:
                if error.fault is Fault.DAMAGED:
                    raise
                _logger.warning("searching without what was added last: %s", error)
