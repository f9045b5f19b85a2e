"""Answers and passages as terminal text and as JSON. Pure: no printing, no reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from qa.messages import Messages
from qa.records import Answer, Citation, Copy, Document, Hit, Passage, Range
from qa.retelling import retold
from qa.wrapping import unbroken

Json = dict[str, Any]

_QUOTE = "bold green"
_PLACE = "dim"
_TITLE = "bold"
_NOISE = "dim strike"
_DATE_COLUMNS = 12


def answer_json(answer: Answer, *, explain: bool = False) -> Json:
    """Give an answer in the documented form.

    `closest` is added when nothing was found, `signals` to each source when they are asked for,
    and `unsure`, `understood`, `added` and `suggestion` where there are such.
    """
    found: Json = {
        "question": answer.question,
        "found": answer.found,
        "confidence": round(answer.confidence, 4),
        "quote": answer.quote,
        "citations": [citation_json(one, explain=explain) for one in answer.citations],
    }
    if not answer.found:
        found["closest"] = [citation_json(one, explain=explain) for one in answer.closest]
    more: Json = {"unsure": answer.unsure, "understood": answer.understood, "added": answer.added}
    more["suggestion"] = answer.suggestion
    return found | {name: value for name, value in more.items() if value}


def citation_json(citation: Citation, *, explain: bool = False) -> Json:
    """Give one citation; `text` is what a reader sees, `noise` the ranges left out of it."""
    signals = {"signals": _signals_json(citation.signals)} if explain else {}
    return {
        "number": citation.number,
        **_passage_json(citation.document, citation.passage, citation.page),
        "paragraph": citation.paragraph,
        "quote_start": citation.quote_start,
        "quote_end": citation.quote_end,
        "score": round(citation.score, 4),
        "copies": [copy_json(one) for one in citation.copies],
        **signals,
    }


def copy_json(copy: Copy) -> Json:
    """Give where else the words of a citation stand."""
    document, passage = copy.document, copy.passage
    return {
        "id": passage.id,
        "path": document.path,
        "title": document.title,
        "date": document.date,
        "address": document.address,
        "paragraph": copy.paragraph,
        "page": copy.page,
        "start": passage.start,
        "end": passage.end,
    }


def hit_json(hit: Hit) -> Json:
    """Give one search result with its signals."""
    return {
        **_passage_json(hit.document, hit.passage, hit.page),
        "score": round(hit.score, 4),
        "signals": _signals_json(hit.signals),
    }


def passage_json(document: Document, passage: Passage) -> Json:
    """Give one passage with its place."""
    return _passage_json(document, passage, document.page_at(passage.start))


def document_json(document: Document) -> Json:
    """Give what is known of a document, its text left out."""
    return {
        "path": document.path,
        "source": document.source,
        "title": document.title,
        "date": document.date,
        "address": document.address,
        "encoding": document.encoding,
        "digest": document.digest,
        "characters": len(document.text),
    }


def document_line(document: Document) -> str:
    """Give a document as one line for programs: date, characters, path and title, by tabs.

    Control characters, which names of files may hold, stand as blanks; `--json` has them as they
    are.
    """
    fields = (document.date or "", str(len(document.text)), document.path, document.title)
    return "\t".join(map(unbroken, fields))


def documents_text(documents: Sequence[Document], words: Messages) -> Text:
    """Give documents for a person: date and title, and below them path and length."""
    text = Text()
    for one in documents:
        text.append(f"{one.date or '':<{_DATE_COLUMNS}}", _PLACE).append(f"{one.title}\n", _TITLE)
        length = words("length", count=len(one.text))
        text.append(f"{' ' * _DATE_COLUMNS}{unbroken(one.path)} · {length}\n", _PLACE)
    text.rstrip()
    return text


def answer_text(answer: Answer, words: Messages, *, explain: bool = False) -> Text:
    """Give an answer for a terminal: the quote, then the numbered sources."""
    text = Text()
    if answer.found:
        text.append(one_line(answer.quote), _QUOTE)
        text.append(f"  [1]  {words('confidence', percent=percent(answer.confidence))}\n", _PLACE)
        text.append(f"{words('unsure')}\n" if answer.unsure else "", _PLACE)
    elif not answer.closest:
        text.append(words("not_found") + "\n")
    else:
        text.append(words("not_found") + "\n\n" + words("closest") + "\n")
    for citation in answer.sources:
        text.append("\n").append_text(citation_text(citation, words))
        if explain:
            text.append(f"    {signals_line(citation.signals)}\n", _PLACE)
    if answer.suggestion:
        text.append(f"\n{words('suggestion', question=answer.suggestion)}\n", _TITLE)
    text.rstrip()
    return text


def answers_text(answers: Sequence[Answer], words: Messages, *, explain: bool = False) -> Text:
    """Give answers for a terminal, in order; of several each under its question."""
    if len(answers) == 1:
        return answer_text(answers[0], words, explain=explain)
    text = Text()
    for number, answer in enumerate(answers, start=1):
        text.append("\n\n\n" if number > 1 else "")
        text.append_text(question_line(number, answer.question, words)).append("\n")
        earlier = [one.question for one in answers[: number - 1]]
        if understood := retold(answer, earlier):
            text.append(words("understood_as", question=understood) + "\n", _PLACE)
        text.append_text(answer_text(answer, words, explain=explain))
    return text


def question_line(number: int, question: str, words: Messages) -> Text:
    """Give the line above the answer to one of several questions."""
    return Text(words("question_of_several", number=number, question=question), _TITLE)


def citation_text(citation: Citation, words: Messages) -> Text:
    """Give one numbered source: title, date, place, address, copies, the passage with its quote."""
    document, passage = citation.document, citation.passage
    text = Text().append(f"[{citation.number}] ", _PLACE).append(document.title, _TITLE)
    text.append(f"  {document.date}\n" if document.date else "\n", _PLACE)
    place = Copy(document, passage, citation.quote_start)
    text.append(f"    {place_line(place, words)}\n", _PLACE)
    text.append(f"    {unbroken(document.address)}\n" if document.address else "", _PLACE)
    if citation.copies:
        text.append(f"    {copies_line(citation.copies, words)}\n", _PLACE)
    quoted = (citation.quote_start - passage.start, citation.quote_end - passage.start)
    return text.append_text(_indented(passage_text(passage, quoted=quoted)))


def hits_text(hits: Sequence[Hit], words: Messages, *, explain: bool = False) -> Text:
    """Give search results, best first, a blank line between them."""
    if not hits:
        return Text(words("nothing"))
    text = Text("\n").join(hit_text(hit, words, explain=explain) for hit in hits)
    text.rstrip()
    return text


def hit_text(hit: Hit, words: Messages, *, explain: bool = False) -> Text:
    """Give one search result."""
    text = Text().append(hit.document.title, _TITLE)
    text.append(f"  {hit.document.date}" if hit.document.date else "", _PLACE)
    text.append(f"  {words('score', score=hit.score)}\n", _PLACE)
    text.append(f"    {place_line(Copy(hit.document, hit.passage), words)}\n", _PLACE)
    if explain:
        text.append(f"    {signals_line(hit.signals)}\n", _PLACE)
    return text.append_text(_indented(passage_text(hit.passage)))


def place_line(place: Copy, words: Messages) -> str:
    """Say where a passage stands, so that a person can open the file and find it.

    Page and paragraph are those of the quote; without one those that the passage begins on and in.
    """
    passage = place.passage
    parts = [place.document.path]
    if passage.heading:
        parts.append(passage.heading)
    if place.page is not None:
        parts.append(words("page", number=place.page))
    parts += [
        words("paragraph", number=place.paragraph),
        words("characters", start=passage.start, end=passage.end),
        words("passage_id", number=passage.id),
    ]
    return " · ".join(parts)


def copies_line(copies: Sequence[Copy], words: Messages) -> str:
    """Say in how many other places the same words stand, and name these; not for none."""
    places = (f"{one.document.path} · {words('paragraph', number=one.paragraph)}" for one in copies)
    return words("copies", count=len(copies), places=words("between_places").join(places))


def passage_text(passage: Passage, *, quoted: Range = (0, 0), with_noise: bool = False) -> Text:
    """Give a passage's text with the quoted stretch marked and the noise left out or struck."""
    text = Text(passage.text)
    text.stylize(_QUOTE, *quoted)
    kept, at = Text(), 0
    for start, end in passage.noise:
        kept.append_text(text[at:start])
        if with_noise:
            kept.append(passage.text[start:end], _NOISE)
        at = end
    return kept.append_text(text[at:]) if at < len(text) else kept


def signals_line(signals: Mapping[str, float]) -> str:
    """Give the signals of a score on one line, in their order."""
    return "  ".join(f"{name}={value:.2f}" for name, value in signals.items())


def percent(share: float) -> int:
    """Give a confidence in per cent, never 100: a probability is not a promise."""
    return min(99, round(share * 100))


def one_line(text: str) -> str:
    """Give text with its line breaks and runs of blanks as single blanks."""
    return " ".join(text.split())


def _signals_json(signals: Mapping[str, float]) -> Json:
    return {name: round(value, 4) for name, value in signals.items()}


def _passage_json(document: Document, passage: Passage, page: int | None) -> Json:
    return {
        "id": passage.id,
        "path": document.path,
        "title": document.title,
        "date": document.date,
        "address": document.address,
        "heading": passage.heading,
        "paragraph": passage.ordinal,
        "page": page,
        "start": passage.start,
        "end": passage.end,
        "text": passage.shown,
        "noise": [list(one) for one in passage.noise],
    }


def _indented(text: Text) -> Text:
    lines: Sequence[Text] = [line for line in text.split("\n") if line.plain.strip()]
    indented = Text()
    for line in lines:
        indented.append("    ").append_text(line).append("\n")
    return indented
