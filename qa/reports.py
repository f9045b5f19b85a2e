"""What was done to a library, and what it holds, as text and as JSON. Pure, as `qa.render` is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rich.cells import cell_len
from rich.text import Text

from qa.calibrating import Calibrated
from qa.doctor import Check
from qa.messages import Messages
from qa.optimizing import Optimized
from qa.records import AddReport, Status, VerifyReport
from qa.render import Json
from qa.wrapping import unbroken

_PLACE = "dim"
_FIGURE_COLUMNS = 8
_THRESHOLDS = {
    "shipped": "threshold_shipped",
    "own": "threshold_own",
    "made": "threshold_made",
    "outdated": "threshold_outdated",
}
_MARKS = {
    True: ("check_ok", "green"),
    False: ("check_bad", "bold red"),
    None: ("check_skipped", "dim"),
}


def report_json(report: AddReport) -> Json:
    """Give what an `add` did."""
    return asdict(report)


def report_text(report: AddReport, now: Status, words: Messages) -> str:
    """Say what an `add` did, and what the library holds since."""
    return words(
        "report",
        added=len(report.added),
        updated=len(report.updated),
        unchanged=len(report.unchanged),
        removed=len(report.removed),
        documents=now.documents,
        passages=now.passages,
    )


def preview_text(report: AddReport, words: Messages) -> str:
    """Say what an `add` would do, a line for every document it would touch."""
    kinds = (
        ("would_add", report.added),
        ("would_update", report.updated),
        ("would_remove", report.removed),
    )
    lines = [words(key, path=unbroken(path)) for key, paths in kinds for path in paths]
    total = words(
        "would",
        added=len(report.added),
        updated=len(report.updated),
        unchanged=len(report.unchanged),
        removed=len(report.removed),
    )
    return "\n".join([*lines, total])


def readable_bytes(count: int) -> str:
    """Give a size for people.

    >>> readable_bytes(1536)
    '1.5 KB'
    """
    size, units = float(count), ["B", "KB", "MB", "GB", "TB"]
    while size >= 1024 and len(units) > 1:  # noqa: PLR2004
        size, units = size / 1024, units[1:]
    return f"{size:.0f} {units[0]}" if units[0] == "B" else f"{size:.1f} {units[0]}"


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """What of the user's own is in force.

    Attributes:
        dictionary: The file of words; empty where none is set.
        words: How many words the library is cut with.
        synonyms: The file of synonyms; empty where none is set.
        lines: How many lines of it say something.
        everyday: How many lines of everyday words ship with the package; 0 where they are off.
    """

    dictionary: str = ""
    words: int = 0
    synonyms: str = ""
    lines: int = 0
    everyday: int = 0


_NO_FILES = OwnFiles()


def status_json(status: Status, own: OwnFiles = _NO_FILES) -> Json:
    """Give what a library holds, and what of the user's own is in force."""
    synonyms = {"file": own.synonyms, "lines": own.lines}
    return {
        **asdict(status),
        "dictionary": own.dictionary,
        "own_words": own.words,
        "synonyms": synonyms,
        "everyday": own.everyday,
    }


def status_text(status: Status, words: Messages, own: OwnFiles = _NO_FILES) -> str:
    """Give what a library holds, and what of the user's own is in force, as a small table."""
    encoder = words("encoder_value", name=status.encoder, dimensions=status.dimensions)
    indexes = words(
        "indexes_value",
        terms=status.terms,
        in_file=status.vectors_in_file,
        in_memory=status.vectors_in_memory,
    )
    values = {
        "folder": status.folder,
        "documents": str(status.documents),
        "passages": str(status.passages),
        "disk": readable_bytes(status.disk_bytes),
        "encoder": encoder,
        "cutter": status.cutter,
        "splitting": status.splitting,
        "indexes": indexes,
        "threshold": threshold_text(status, words),
    }
    if status.vector_recall is not None and status.vector_recall < 1:
        values["vector_recall"] = f"{status.vector_recall:.3f}"
    if status.reranker:
        values["reranker"] = status.reranker
    if own.dictionary:
        values["own_words"] = words("own_words_file", file=own.dictionary, count=own.words)
    elif own.words:
        values["own_words"] = words("own_words_kept", count=own.words)
    if own.synonyms:
        values["synonyms"] = words("synonyms_file", file=own.synonyms, count=own.lines)
    if own.everyday:
        values["everyday"] = words("everyday_lines", count=own.everyday)
    return columns([(words(key), value) for key, value in values.items()])


def threshold_text(status: Status, words: Messages) -> str:
    """Give the confidence from which a question counts as answered, and whose it is."""
    return words(_THRESHOLDS[status.calibration], threshold=status.threshold)


def columns(rows: Sequence[tuple[str, str]]) -> str:
    """Give names and values one under the other, the values aligned.

    >>> print(columns([("文档", "14"), ("R@1", "0.9")]))
    文档  14
    R@1   0.9
    """
    width = max(cell_len(name) for name, _ in rows)
    return "\n".join(f"{name}{' ' * (width - cell_len(name))}  {value}" for name, value in rows)


def verify_json(report: VerifyReport) -> Json:
    """Give what `verify` found."""
    return asdict(report)


def verify_lines(report: VerifyReport, words: Messages) -> list[str]:
    """Give what `verify` found, a line each."""
    quotes = [words.say(f"{one.path}: {one.reason}") for one in report.problems]
    return quotes + [words("index_problem", reason=words.say(one)) for one in report.indexes]


def optimized_json(done: Optimized) -> Json:
    """Give what `optimize` did."""
    return asdict(done)


def optimized_text(done: Optimized, words: Messages) -> str:
    """Say what `optimize` did, a line for each part of the library."""
    joined = "terms_joined" if done.parts < done.parts_before else "terms_kept"
    terms = "terms_written" if done.terms_written else joined
    vectors = "vectors_written" if done.vectors_written else "vectors_kept"
    of_vectors = words(vectors, vectors=done.vectors)
    if done.vector_recall is not None and done.vector_recall < 1:
        of_vectors = words("recall_of", line=of_vectors, recall=done.vector_recall)
    disk = words(
        "optimized",
        before=readable_bytes(done.bytes_before),
        now=readable_bytes(done.bytes_now),
        reclaimed=readable_bytes(done.reclaimed_bytes),
    )
    return "\n".join([words(terms, before=done.parts_before, now=done.parts), of_vectors, disk])


def check_json(check: Check) -> Json:
    """Give one check of `doctor`."""
    return {"name": check.name, "passed": check.passed, "detail": check.detail, **check.values}


def check_text(check: Check, words: Messages) -> Text:
    """Give one check of `doctor` as a line."""
    mark, style = _MARKS[check.passed]
    text = Text().append(f"[{words(mark)}] ", style).append(words(check.name))
    values = {
        name: words("separator").join(map(str, value)) if isinstance(value, list) else value
        for name, value in check.values.items()
    }
    detail = words(check.detail, **values) if check.detail else ""
    return text.append(f"  {detail}", _PLACE) if detail else text


def calibrated_json(found: Calibrated) -> Json:
    """Give what a calibration found and changed."""
    return asdict(found)


def calibrated_text(found: Calibrated, words: Messages) -> str:
    """Give what a calibration changed as a small table, before and now."""
    head = words(
        "calibrated_made" if found.calibration.made else "calibrated",
        questions=found.calibration.questions,
        answerable=found.answerable,
        unanswerable=found.unanswerable,
    )
    before, after, there = found.before, found.after, found.answerable
    rows = [
        ("", (words("before"), words("after"))),
        (words("threshold"), (f"{before.threshold:.2f}", f"{after.threshold:.2f}")),
        (words("answered"), (_rate(before.answered, there), _rate(after.answered, there))),
        (words("false_answers"), (f"{before.false_answers:.1%}", f"{after.false_answers:.1%}")),
    ]
    return f"{head}\n{columns([(name, _side_by_side(*pair)) for name, pair in rows])}"


def _side_by_side(*figures: str) -> str:
    return "".join(" " * (_FIGURE_COLUMNS - cell_len(one)) + one for one in figures)


def _rate(share: float, of: int) -> str:
    return f"{share:>6.1%}" if of else f"{'—':>6}"
