"""Answers as the chat shows them: the quote and short sources; the passages come when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from rich.text import Text

from qa import render
from qa.library import Library
from qa.messages import Messages
from qa.records import Answer, Citation, Copy, Document, Passage, Range, Status
from qa.retelling import readable

_QUOTE, _FAINT, _STRONG = "bold green", "dim", "bold"
_LISTED = 30  # documents


def answer_text(answer: Answer, words: Messages, *, earlier: Sequence[str] = ()) -> Text:
    """Give an answer: how it was understood, the quote, where it stands, what was perhaps meant.

    `earlier` are the questions before, as typed, oldest first.
    """
    text = Text()
    if answer.understood:
        added = readable(answer.added, earlier) or answer.understood
        text.append(words("chat_understood", added=added) + "\n", _FAINT)
    if answer.found:
        percent = render.percent(answer.confidence)
        text.append(render.one_line(answer.quote), _QUOTE)
        text.append(f"  [1]  {words('confidence', percent=percent)}\n", _FAINT)
        text.append(words("unsure") + "\n" if answer.unsure else "", _FAINT)
    else:
        text.append(words("not_found") + "\n")
        text.append(words("closest") + "\n" if answer.closest else "")
    for citation in answer.sources:
        text.append_text(_source_line(citation, words))
    if answer.suggestion:
        text.append(words("suggestion", question=answer.suggestion), _STRONG)
        text.append(words("chat_accept") + "\n", _FAINT)
    text.rstrip()
    return text


def sources_text(answer: Answer, words: Messages) -> Text:
    """Give the passages that an answer rests on, or that came closest, with the quotes marked."""
    text = Text("\n").join(render.citation_text(one, words) for one in answer.sources)
    text.rstrip()
    return text


def context_text(
    library: Library, citation: Citation, *, around: int, words: Messages
) -> tuple[Document, Text]:
    """Give the document of a citation, and its passage with so many before and behind it.

    Raises:
        qa.errors.PassageNotFound: the document has been changed or removed since.
    """
    document, cited = library.passage(citation.passage.id)
    passages = library.passages(document)
    at = next(i for i, one in enumerate(passages) if one.id == cited.id)
    text = Text(document.title, _STRONG)
    for one in passages[max(0, at - around) : at + around + 1]:
        text.append_text(_passage(document, one, citation, words))
    return document, text


def document_text(document: Document, quoted: Range) -> Text:
    """Give a whole document with what was quoted marked, its title and path above it."""
    text = Text(document.text)
    text.stylize(_QUOTE, *quoted)
    head = Text(document.title, _STRONG).append(f"\n{document.path}\n\n", _FAINT)
    return head.append_text(text)


def library_text(library: Library, words: Messages) -> Text:
    """Give what the library holds: its figures and its documents."""
    status = library.status()
    text = Text(_holds(status, words)).append("\n")
    documents = list(islice(library.documents(), _LISTED))
    text.append_text(render.documents_text(documents, words))
    if status.documents > len(documents):
        text.append("\n" + words("chat_more_documents", count=status.documents - len(documents)))
    return text


def welcome_text(library: Library, words: Messages) -> Text:
    """Give the first lines of a chat."""
    status = library.status()
    if not status.documents:
        return Text(words("library_empty"))
    return Text(_holds(status, words)).append("\n" + words("chat_welcome"), _FAINT)


def _holds(status: Status, words: Messages) -> str:
    documents, passages = status.documents, status.passages
    return words("chat_holds", folder=status.folder, documents=documents, passages=passages)


def _source_line(citation: Citation, words: Messages) -> Text:
    document = citation.document
    text = Text().append(f"[{citation.number}] ", _FAINT).append(document.title, _STRONG)
    text.append(f"  {document.date}\n" if document.date else "\n", _FAINT)
    parts = [document.path]
    if citation.page is not None:
        parts.append(words("page", number=citation.page))
    parts.append(words("paragraph", number=citation.paragraph))
    return text.append(f"    {' · '.join(parts)}\n", _FAINT)


def _passage(document: Document, passage: Passage, citation: Citation, words: Messages) -> Text:
    same = passage.id == citation.passage.id
    place = Copy(document, passage, citation.quote_start if same else -1)
    text = Text("\n\n").append(render.place_line(place, words) + "\n", _FAINT)
    start, end = citation.quote_start - passage.start, citation.quote_end - passage.start
    return text.append_text(render.passage_text(passage, quoted=(start, end) if same else (0, 0)))
