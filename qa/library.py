"""The library: a folder of documents that answers questions with passages you can check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import numpy as np
from embeddings.encoder import Encoder, load_encoder
from filelock import FileLock, Timeout

from embeddings.words import WordCutter, cutter
from qa import adding, asking, checking
from qa.adding import Source
from qa.cleaning import find_noise
from qa.errors import (
    LibraryDamaged,
    LibraryLocked,
    LibraryNotFound,
    LibraryOutdated,
    PassageNotFound,
    SourceNotFound,
)
from qa.indexes import Indexes
from qa.records import AddReport, Answer, Document, Hit, Passage, Status, VerifyReport
from qa.splitting import SPLITTING, split
from qa.store import Key, Store, Vectors, Writing

ProgressCall = Callable[[int, int], None]

_FILE = "library.db"
_LOCK = "write.lock"
_LOCK_WAIT_S = 5.0
_BATCH_CHARS = 200_000


class Library:
    """A folder on your disk: add documents to it, ask it questions.

    Reading is safe from several threads and processes while one writer adds. Use it as a context
    manager, or call `close`.
    """

    def __init__(
        self, folder: Path, store: Store, indexes: Indexes, encoder: Encoder, words: WordCutter
    ) -> None:
        self.folder = folder
        self._store = store
        self._indexes = indexes
        self._encoder = encoder
        self._words = words
        self._lock = FileLock(folder / _LOCK)

    @classmethod
    def open(
        cls,
        path: str | Path,
        encoder: str | Encoder = "builtin",
        create: bool = True,
        *,
        words: Iterable[str] = (),
    ) -> Library:
        """Open the library in a folder.

        Args:
            path: The folder; made when missing, unless `create` is false.
            encoder: `builtin`, a path or name of a sentence-transformers model, or any object with
                the methods of `embeddings.encoder.Encoder`.
            create: Whether to make a library where there is none.
            words: The user's own words, which are then cut as one.

        Raises:
            LibraryNotFound: there is none and `create` is false, or the folder holds other things.
            LibraryOutdated: it was made with another encoder, word cutting or splitting.
            LibraryDamaged: its database cannot be read.
            embeddings.errors.ModelUnavailable: the encoder cannot be loaded.
        """
        library = cls._opened(Path(path), encoder, create, words)
        try:
            library._check_making()
            library._heal()
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
        progress: ProgressCall | None = None,
    ) -> Status:
        """Clean, split, encode and index all documents of a library anew, from what it stores.

        The source files are not needed. Passages get new ids. All of it happens, or nothing.

        Raises:
            LibraryNotFound, LibraryDamaged, LibraryLocked: as `open` and `add`.
        """
        with cls._opened(Path(path), encoder, create=False, words=words) as library:
            with library._writing():
                library._rewrite_all(progress)
                library._indexes.clear()
                library._indexes.catch_up()
            return library.status()

    def add(
        self, sources: Source | Iterable[Source], progress: ProgressCall | None = None
    ) -> AddReport:
        """Bring files, folders or documents into the library, or up to date in it.

        A folder is followed: files that are gone from it are removed, unchanged ones cost one hash.
        What has been written stays when this is interrupted; the next `add` goes on from there.

        Args:
            sources: A path, a Document, or several of either.
            progress: Called with sources done and sources in all.

        Raises:
            SourceNotFound: a path does not exist; nothing was added.
            LibraryLocked: another process is writing.
            LibraryDamaged: the database cannot be written (a full disk, say).
        """
        with self._writing():
            keys = self._store.document_keys()
            todo = adding.plan(adding.as_sources(sources), keys)
            done = adding.Progress(skipped=list(todo.skipped))
            self._remove(todo.gone)
            done.removed += [key.path for key in todo.gone]
            batch: list[adding.Change] = []
            for number, change in enumerate(adding.changes(todo, keys, done), start=1):
                if change is not None:
                    batch.append(change)
                if _is_full(batch):
                    self._write(batch, done)
                    batch = []
                if progress:
                    progress(number, len(todo.tasks))
            self._write(batch, done)
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
        with self._writing():
            keys = self._store.document_keys()
            gone: dict[int, Key] = {}
            for path in asked:
                matching = [key for key in keys if _names(str(path), key)]
                if not matching:
                    raise SourceNotFound(
                        f"nothing of {path} is in the library: see what is with `qa list`",
                        str(path),
                    )
                gone.update((key.document_id, key) for key in matching)
            self._remove(gone.values())
            self._indexes.catch_up()
        return tuple(key.path for key in gone.values())

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """Give up to `k` passages, best first; a query that nothing matches gives []."""
        found = self._evidence(query, k)[: max(k, 0)]
        return asking.hits(found, self._store.document)

    def ask(self, question: str, k: int = 3, history: Sequence[str | Answer] = ()) -> Answer:
        """Answer a question with a verbatim quote and up to `k` citations, or say it is not found.

        Args:
            question: As a person asks it; an empty one is not found.
            k: How many citations at most.
            history: Earlier questions or answers of the conversation (not used yet).
        """
        found = self._evidence(question, k)
        return asking.answer(question, found, self._store.document, k=max(k, 1))

    def documents(self) -> Iterator[Document]:
        """Give all documents, one at a time, in order of source and path."""
        return self._store.documents()

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
        self._indexes.refresh()
        documents, passages = self._store.counts()
        in_file, in_memory, excluded = self._indexes.vector_sizes
        return Status(
            folder=str(self.folder),
            documents=documents,
            passages=passages,
            disk_bytes=sum(f.stat().st_size for f in self.folder.rglob("*") if f.is_file()),
            encoder=self._encoder.name,
            dimensions=self._encoder.dimensions,
            cutter=self._words.name,
            splitting=SPLITTING,
            generation=self._store.generation,
            terms=self._indexes.terms.size,
            vectors_in_file=in_file,
            vectors_in_memory=in_memory,
            vectors=in_file + in_memory - excluded,
        )

    def verify(self, progress: ProgressCall | None = None) -> VerifyReport:
        """Read every source file again, and report what no longer stands as it is quoted.

        Args:
            progress: Called with documents done and documents in all.
        """
        keys = self._store.document_keys()
        problems = []
        passages = 0
        for number, key in enumerate(keys, start=1):
            document = self._store.document(key.document_id)
            if document is not None:
                parts = self._store.passages_of(key.document_id)
                passages += len(parts)
                problems += checking.problems(key, document, parts)
            if progress:
                progress(number, len(keys))
        damage = self.damage()
        if damage:
            raise LibraryDamaged(
                f"{self._store.file} is damaged ({damage}): restore a copy", self.folder
            )
        return VerifyReport(len(keys), passages, tuple(problems))

    def close(self) -> None:
        """Close the files; calling it again does nothing."""
        self._store.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @classmethod
    def _opened(
        cls, folder: Path, encoder: str | Encoder, create: bool, words: Iterable[str]
    ) -> Library:
        file = folder / _FILE
        if not file.exists():
            _check_new(folder, create)
        model = load_encoder(encoder) if isinstance(encoder, str) else encoder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryNotFound(f"cannot make {folder}: {error.strerror}", folder) from error
        store = Store.open(file)
        cut = cutter(user_words=words)
        indexes = Indexes(folder, store, cut, model.dimensions, model.fingerprint)
        return cls(folder, store, indexes, model, cut)

    @property
    def _making(self) -> dict[str, str]:
        return {
            "encoder": self._encoder.name,
            "fingerprint": self._encoder.fingerprint,
            "dimensions": str(self._encoder.dimensions),
            "words": self._words.fingerprint,
            "splitting": SPLITTING,
        }

    def _check_making(self) -> None:
        """Compare what the library was made with with what it is opened with; record it if new."""
        if self._store.setting("fingerprint") is None:
            with self._writing(), self._store.writing() as writing:
                _record(writing, self._making)
            return
        for name, now in self._making.items():
            recorded = self._store.setting(name)
            if name == "encoder" or recorded == now:  # names are for people, fingerprints decide
                continue
            before = self._store.setting("encoder") if name == "fingerprint" else recorded
            here = self._encoder.name if name == "fingerprint" else now
            raise LibraryOutdated(
                f"{self.folder} was made with {name} {before}, this is {here}:"
                " run `qa rebuild`, or open it as it was made",
                self.folder,
            )

    def _heal(self) -> None:
        """Bring the indexes up to the store, if a writer was cut off before it could."""
        if self._indexes.behind:
            try:
                with self._lock.acquire(timeout=0):
                    self._indexes.catch_up()
            except (Timeout, OSError):
                pass  # a writer is at work and will do it, or the folder may only be read

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with self._lock.acquire(timeout=_LOCK_WAIT_S):
                yield
        except Timeout as error:
            raise LibraryLocked(
                f"{self.folder} is being written to by another process: try again when it is done",
                self.folder,
            ) from error

    def _remove(self, keys: Iterable[Key]) -> None:
        numbers = [key.document_id for key in keys]
        if numbers:
            with self._store.writing() as writing:
                for number in numbers:
                    writing.remove(number)

    def _write(self, batch: Sequence[adding.Change], done: adding.Progress) -> None:
        """Write a batch in one transaction, then report it."""
        if not batch:
            return
        prepared = [(change.document, _passages(change.document)) for change in batch]
        vectors = self._encoded(prepared)
        with self._store.writing() as writing:
            for change, (document, passages), rows in zip(batch, prepared, vectors, strict=True):
                if change.replaces is not None:
                    writing.remove(change.replaces.document_id)
                writing.put(document, passages, rows)
        for change, (_, passages) in zip(batch, prepared, strict=True):
            (done.updated if change.replaces else done.added).append(change.task.path)
            done.passages += len(passages)

    def _rewrite_all(self, progress: ProgressCall | None) -> None:
        keys = self._store.document_keys()
        with self._store.writing() as writing:
            for number, key in enumerate(keys, start=1):
                document = self._store.document(key.document_id)
                if document is not None:
                    prepared = [(document, _passages(document))]
                    [rows] = self._encoded(prepared)
                    writing.remove(key.document_id)
                    writing.put(document, prepared[0][1], rows)
                if progress:
                    progress(number, len(keys))
            _record(writing, self._making)

    def _encoded(self, prepared: Sequence[tuple[Document, Sequence[Passage]]]) -> list[Vectors]:
        """Encode the passages of several documents at once; one array for each document."""
        texts = [
            asking.in_context(document.title, passage)
            for document, passages in prepared
            for passage in passages
        ]
        vectors = self._encoder.encode_passages(texts)
        ends = np.cumsum([len(passages) for _, passages in prepared])
        return np.split(vectors, ends[:-1])

    def _evidence(self, text: str, k: int) -> list[asking.Found]:
        if self._indexes.behind:
            self._heal()
        self._indexes.refresh()
        return asking.find(
            text,
            k,
            cutter=self._words,
            encoder=self._encoder,
            indexes=self._indexes,
            store=self._store,
        )


def _check_new(folder: Path, create: bool) -> None:
    if not create:
        raise LibraryNotFound(
            f"{folder} holds no library: make one with `qa add PATH --library {folder}`", folder
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise LibraryNotFound(
            f"{folder} holds other things and no library: name a new or an empty folder", folder
        )


def _record(writing: Writing, making: dict[str, str]) -> None:
    for name, value in making.items():
        writing.set(name, value)


def _is_full(batch: Sequence[adding.Change]) -> bool:
    # By length of text rather than passages, which are not cut yet.
    return sum(len(change.document.text) for change in batch) > _BATCH_CHARS


def _passages(document: Document) -> tuple[Passage, ...]:
    return split(document, find_noise(document.text))


def _names(asked: str, key: Key) -> bool:
    """Say whether what a person named is this document, or a folder it is in."""
    if asked == key.path:
        return True
    absolute = Path(asked).absolute().as_posix()
    return key.location == absolute or bool(
        key.source and key.location.startswith(absolute.rstrip("/") + "/")
    )
