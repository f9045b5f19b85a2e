"""Verbs that ask: ask, chat, search, show."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click
from rich.text import Text

from qa import render
from qa.courtesies import courtesy
from qa.help import Argument, Option, Verb
from qa.records import Answer, Copy
from qa.several import questions_in, takes_up
from qa.terminal import Face, verb
from qa.typed import typed_text

_EXPLAIN = click.option("--explain", cls=Option, is_flag=True, help="help_option_explain")


def _k(default: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(
        "-k", cls=Option, type=click.IntRange(1, 100), default=default, metavar="N",
        help="help_option_k",
    )  # fmt: skip


@click.command("ask", cls=Verb, example="qa ask 县级工会提升年的目标是什么")
@click.argument("question", nargs=-1, required=True, cls=Argument, metavar="metavar_question")
@_k(3)
@_EXPLAIN
@verb
def ask(face: Face, question: tuple[str, ...], k: int, explain: bool) -> None:
    """Answer a question, or each of several."""
    text = _text(question)
    if not text:
        face.fail("question_empty")
    polite = courtesy(text)
    if polite:  # no passage, so no library either
        answers = [Answer(text, found=False, confidence=0.0)]
    else:
        asked = questions_in(text)
        answers = _answers(face, asked.asked, k)
        if asked.left:
            face.note("questions_left", count=asked.left, most=len(answers))
    if face.as_json:
        found = [render.answer_json(answer, explain=explain) for answer in answers]
        face.show_json(found if len(found) > 1 else found[0])
    elif polite:
        face.show(face.words(f"courtesy_{polite}"))
    else:
        face.show(render.answers_text(answers, face.words, explain=explain))


def _answers(face: Face, questions: Sequence[str], k: int) -> list[Answer]:
    """Answer questions, after those before it each that goes on with them."""
    answers: list[Answer] = []
    with face.library() as library:
        for question in questions:
            history = answers if takes_up(question) else ()
            answers.append(library.ask(question, k, history=history))
        if not any(answer.found or answer.closest for answer in answers):
            face.refuse_empty(library)
    return answers


@click.command("chat", cls=Verb, example="qa chat --library handbook")
@_k(3)
@click.option("--no-history", cls=Option, is_flag=True, help="help_option_no_history")
@verb
def chat(face: Face, k: int, no_history: bool) -> None:
    """Ask one question after the other."""
    from qa.chat.running import Chat  # only here: its editor takes a quarter of a second to load

    Chat(face, k=k, remembers=not no_history and face.config.history == "on").run()


@click.command("search", cls=Verb, example="qa search 工会驿站 -k 5")
@click.argument("query", nargs=-1, required=True, cls=Argument, metavar="metavar_query")
@_k(10)
@_EXPLAIN
@verb
def search(face: Face, query: tuple[str, ...], k: int, explain: bool) -> None:
    """List passages."""
    text = _text(query)
    if not text:
        face.fail("query_empty")
    with face.library() as library:
        hits = library.search(text, k)
        if not hits:
            face.refuse_empty(library)
    if face.as_json:
        face.show_json([render.hit_json(hit) for hit in hits])
    else:
        face.show(render.hits_text(hits, face.words, explain=explain))


@click.command("show", cls=Verb, example="qa show 12 --context 1")
@click.argument("passage_id", type=int, cls=Argument, metavar="metavar_passage")
@click.option(
    "--context", cls=Option, type=click.IntRange(0, 50), default=0, metavar="N",
    help="help_option_context",
)  # fmt: skip
@click.option("--noise", cls=Option, is_flag=True, help="help_option_noise")
@verb
def show(face: Face, passage_id: int, context: int, noise: bool) -> None:
    """Show a passage."""
    with face.library() as library:
        document, passage = library.passage(passage_id)
        around = library.passages(document)
    at = next(i for i, one in enumerate(around) if one.id == passage.id)
    shown = around[max(0, at - context) : at + context + 1]
    if face.as_json:
        face.show_json([render.passage_json(document, one) for one in shown])
        return
    face.show(Text(document.title, "bold"))
    if document.address:
        face.show(Text(document.address, "dim"))
    for one in shown:
        face.show(Text("\n").append(render.place_line(Copy(document, one), face.words), "dim"))
        face.show(render.passage_text(one, with_noise=noise))
        hidden = sum(len("".join(one.text[start:end].split())) for start, end in one.noise)
        if hidden and not noise:
            face.note("noise_left_out", count=hidden)


def _text(words: tuple[str, ...]) -> str:
    """Join what a person typed, without what is no text; a paste may hold control characters."""
    return typed_text(" ".join(words)).strip()
