"""The library: a folder of documents that answers questions with passages you can check."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from embeddings.encoder import Encoder, is_light, load_encoder
from embeddings.reranker import Reranker, load_reranker
from embeddings.words import cutter
from qa import adding, checking
from qa.adding import Source
from qa.answering import Answering
from qa.backups import write_backup
from qa.calibration import Calibration
from qa.cleaning import AS_IT_IS, Cleaning
from qa.edges import noise_at
from qa.errors import PassageNotFound
from qa.filling import Means, fill
from qa.folder import Folder
from qa.healing import asked
from qa.indexes import Indexes
from qa.keeping import Kept, fitted_for
from qa.making import Making
from qa.optimizing import Optimized, optimize
from qa.proving import verify_deeply
from qa.records import AddReport, Answer, Document, Feedback, Hit, Passage, Status, VerifyReport
from qa.remaking import remake
from qa.settling import settle
from qa.stock import taken
from qa.store import Store
from qa.synonyms import Synonyms
from qa.telling import Progress
from qa.upkeep import Own, Upkeep
from qa.user_files import OwnFile
from qa.writing import Writer


class Library:
    """A folder on your disk: add documents to it, ask it questions.

    Several threads and processes may read while one adds. Use it in a `with`, or call `close`.
    """

    def __init__(
        self,
        folder: Folder,
        store: Store,
        *,
        indexes: Indexes,
        encoder: Encoder,
        own: Own,
        reranker: Reranker | None = None,
    ) -> None:
        self.folder = folder.path
        self._folder = folder
        self._store = store
        self._indexes = indexes
        self._encoder = encoder
        self._cleaning = AS_IT_IS
        self._loaded_by = ""  # what another process can load the encoder by, if it can
        self._kept = Kept(store, fitted_for(encoder, reranker))
        self._synonyms = own.synonyms
        self._upkeep = Upkeep(folder, store, indexes, own.words)
        self._answering = Answering(store, indexes, encoder, self._kept, own.synonyms, reranker)
        self._making = Making.of(encoder)
        self._agreed = -1  # the generation at which the library was made with the same

    @classmethod
    def open(
        cls,
        path: str | Path,
        encoder: str | Encoder = "builtin",
        create: bool = True,
        *,
        words: OwnFile = None,
        reranker: str | Reranker | None = None,
        cleaning: Cleaning | None = None,
        synonyms: OwnFile = None,
        everyday: bool = True,
        progress: Progress | None = None,
    ) -> Library:
        """Open the library in a folder.

        Args:
            path: The folder; made when missing, unless `create` is false.
            encoder: `builtin`, a path or name of a sentence-transformers model, or any object with
                the methods of `embeddings.encoder.Encoder`.
            create: Whether to make a library where there is none.
            words: The user's own words, cut as one: themselves, or a file of them, one a line. The
                library keeps them; None for those that it has.
            reranker: A path or name of a sentence-transformers CrossEncoder, or any object with the
                methods of `embeddings.reranker.Reranker`, that scores the best passages of a
                question again; None or an empty name for none.
            cleaning: What else is noise in the documents that are added, and what is not.
            synonyms: Lines as `qa.synonyms` describes them, or a file of them. A changed file, also
                of `words`, takes effect at the next question.
            everyday: Whether the everyday words that ship with the package hold as well.
            progress: Called with documents done and in all, where the terms have to be cut anew.

        Raises:
            ConfigError: a file of words or synonyms cannot be used.
            LibraryNotFound: there is none and `create` is false, or the folder holds other things.
            LibraryOutdated: it was made with another encoder, word cutting or splitting.
            LibraryDamaged: its database cannot be read.
            embeddings.errors.ModelUnavailable: the encoder or the reranker cannot be loaded.
        """
        library = cls._opened(path, encoder, create, Own.of(words, synonyms, everyday), reranker)
        library._cleaning = cleaning or library._cleaning
        try:
            library._upkeep.record(library._making)
            library._refresh(progress)
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
        words: OwnFile = None,
        cleaning: Cleaning | None = None,
        progress: Progress | None = None,
    ) -> Status:
        """Clean, split, encode and index all documents of a library anew, from what it stores.

        The source files are not needed. Passages get new ids. All of it happens, or nothing.
        `words` are as for `open`.

        Raises:
            LibraryNotFound, LibraryDamaged, LibraryLocked: as `open` and `add`.
        """
        with cls._opened(path, encoder, create=False, own=Own.of(words)) as library:
            with library._folder.writing():
                library._cleaning = cleaning or library._cleaning
                library._upkeep.take_words()
                parts = library._store, library._indexes, library._making
                remake(*parts, means=library._means(), progress=progress)
            return library.status()

    def add(
        self,
        sources: Source | Iterable[Source],
        progress: Progress | None = None,
        *,
        encoding: str | None = None,
        again: bool = False,
    ) -> AddReport:
        """Bring files, folders or documents into the library, or up to date in it.

        A folder is followed: files that are gone from it are removed, unless it is empty, unchanged
        ones cost one hash. What is written stays when this is interrupted; the next goes on there.

        Args:
            sources: A path, a Document, or several of either.
            progress: Called with sources done and sources in all; see `qa.telling.Following` too.
            encoding: What text is decoded as; such files are read even when unchanged.
            again: Whether all are read so, save those whose encoding was named.

        Raises:
            SourceNotFound: there is nothing at any of the paths.
            LibraryLocked: another process is writing.
            LibraryDamaged: the database cannot be written (a full disk, say).
        """
        with self._folder.writing():
            self._agree()
            given, keys = adding.as_sources(sources), self._store.document_keys()
            todo = adding.plan(given, keys, exclude=[self.folder], again=again)
            with self._indexes.feeding() as feed:
                report = fill(todo, self._store, feed, self._means(encoding), progress)
            settle(self._store, self._encoder, self._cleaning)
            self._indexes.catch_up()
        return report

    def remove(self, paths: str | Path | Iterable[str | Path]) -> tuple[str, ...]:
        """Take out files, all of a folder, or paths as `documents` gives them; give those removed.

        Raises:
            SourceNotFound: nothing of a path is in the library; nothing was removed.
            LibraryLocked: another process is writing.
        """
        with self._folder.writing():
            self._agree()
            gone = adding.named(adding.as_paths(paths), self._store.document_keys())
            with self._indexes.feeding() as feed:
                Writer(self._store, feed, self._encoder).remove(gone)
            settle(self._store, self._encoder, self._cleaning)
            self._indexes.catch_up()
        return tuple(key.path for key in gone)

    def search(self, query: str, k: int = 10, *, without: Collection[str] = ()) -> list[Hit]:
        """Give up to `k` passages, best first; a query that nothing matches gives [].

        Documents at the paths `without`, as `documents` gives them, are left out.
        """
        find = partial(self._answering.search, query, k, without)
        return asked(find, self._refresh, self._indexes)

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
            history: Earlier questions or answers, oldest first. What they name and the question
                leaves out is added where the documents then answer better: `understood`, `added`.
            without: Paths, as `documents` gives them, of documents to leave out.
            calibrated: Whether the library's own calibration is used, if it has one.
        """
        find = partial(self._answering.ask, without=without, calibrated=calibrated)
        return asked(lambda: find(question, k, history), self._refresh, self._indexes)

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
        return self._store.passages_at(document.source, document.path)

    def repeated(self, document: Document) -> tuple[tuple[int, int], ...]:
        """Give the ranges of a document's text that are noise because its folder repeats them."""
        return noise_at(self._store, document.source, document.path)

    @property
    def encoder(self) -> Encoder:
        """What makes the vectors."""
        return self._encoder

    @property
    def words(self) -> tuple[str, ...]:
        """The user's own words that the library is cut with, folded, in order."""
        return self._indexes.cutter.user_words

    @property
    def words_wait(self) -> bool:
        """Whether words that it was opened with are not in force yet: it could not be written."""
        return self._upkeep.waiting is not None

    @property
    def synonyms(self) -> Synonyms:
        """The synonyms in force: the user's, and as `everyday` those of the package."""
        return self._synonyms()

    def damage(self) -> str | None:
        """Give SQLite's own account of what is wrong with the database; None when it is sound."""
        return self._store.damage()

    def status(self) -> Status:
        """Give what the library holds and what it was made with."""
        self._refresh()
        return taken(self._folder, self._answering)

    def verify(self, progress: Progress | None = None, *, deep: bool = False) -> VerifyReport:
        """Read every source file again, and report what no longer stands as it is quoted.

        Args:
            progress: Called with documents done and in all; `deep`, then with passages.
            deep: Whether the indexes are compared with the database; nobody can write meanwhile.

        Raises:
            LibraryDamaged: the database itself is not sound.
            LibraryLocked: it is to be deep, and another process is writing.
        """
        if not deep:
            return checking.verify(self._store, progress)
        with self._folder.writing():
            self._agree()
            return verify_deeply(self._store, self._indexes, progress)

    def optimize(self, progress: Progress | None = None, *, anew: bool = False) -> Optimized:
        """Bring the indexes into their best shape, and give free space back to the disk.

        Others ask meanwhile; whoever wants to write waits. Cut off, it is as it was or will be.

        Args:
            progress: Called with documents done and documents in all, if the terms are cut anew.
            anew: Whether both indexes are made anew from the database, whatever they hold.

        Raises:
            LibraryLocked: another process is writing.
            LibraryDamaged: a file cannot be written (a full disk, say); what was there serves on.
        """
        with self._folder.writing():
            self._agree()
            return optimize(self._folder, self._store, self._indexes, progress, anew=anew)

    def backup(self, file: str | Path) -> int:
        """Write a backup for `qa.backups.restore` to a new file, at any time; give its bytes.

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
        path: str | Path,
        encoder: str | Encoder,
        create: bool,
        own: Own,
        reranker: str | Reranker | None = None,
    ) -> Library:
        folder = Folder(Path(path))
        folder.check(create=create)
        model = load_encoder(encoder) if isinstance(encoder, str) else encoder
        second = load_reranker(reranker) if isinstance(reranker, str) and reranker else reranker
        folder.make()
        store = Store.open(folder.file)
        indexes = Indexes(folder.path, store, cutter(), model.dimensions, model.fingerprint)
        made = cls(folder, store, indexes=indexes, encoder=model, own=own, reranker=second or None)
        made._loaded_by = encoder if isinstance(encoder, str) and is_light(model) else ""
        return made

    def _agree(self) -> None:
        """Check that the library is (still: another process may rebuild it) made with the same."""
        generation = self._store.generation
        if generation != self._agreed:
            self._making.check(self._store, self.folder)
            self._agreed = generation

    def _refresh(self, progress: Progress | None = None) -> None:
        """See what other processes have written, and finish what one of them could not."""
        self._agree()
        self._upkeep.refresh(progress)

    def _means(self, encoding: str | None = None) -> Means:
        how = (self._encoder, self._loaded_by, self._cleaning, encoding)
        return Means(self._indexes.dictionary.now, *how)
