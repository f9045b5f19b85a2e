"""How long people wait for the Telegram bot when many chats ask at once.

    python tests/benchmarks/ask_the_bot.py [--chats 20] [--rounds 10] [--library DIR]

The bot runs as a process against the tests' own Bot API server on loopback. All chats ask at the
same moment, and each asks its next question as soon as it is answered. A wait is the time from the
moment Telegram has the question to the moment it has the answer. Without `--library` one is made of
the sample documents. Prints a table, then the same numbers as JSON. python-telegram-bot's limiter
holds the bot to 30 messages in a second, as Telegram demands: `--rounds` beyond one meet it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT))

from qa import Library  # noqa: E402
from qa.metrics import percentile  # noqa: E402
from qa.question_files import read_questions  # noqa: E402
from tests.telegram.process import BotProcess  # noqa: E402
from tests.telegram.server import Server  # noqa: E402
from tests.telegram.updates import Updates  # noqa: E402

FIRST_CHAT = 1001


def main() -> None:
    """Print waits at the first question of all, and at those that follow."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--chats", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--library", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        library = given.library or _made(Path(place))
        questions = _questions(given.chats * given.rounds)
        with Server() as server, BotProcess(server, library, Path(place), daily_quota=0) as bot:
            began = monotonic()
            waits = _ask(server, questions, given.chats)
            lasted_s = monotonic() - began
            assert bot.stop() == 0
    _print(waits, given.chats, lasted_s)


def _made(place: Path) -> Path:
    with Library.open(place / "library") as library:
        library.add(ROOT / "docs" / "sample")
    return place / "library"


def _questions(count: int) -> list[str]:
    known = read_questions(ROOT / "docs" / "sample-questions.jsonl").questions
    return [known[number % len(known)].question for number in range(count)]


def _ask(server: Server, questions: list[str], chats: int) -> dict[int, list[float]]:
    """Ask; give the seconds of every wait, by its number within its chat."""
    updates, waits = Updates(), defaultdict[int, list[float]](list)
    left = {FIRST_CHAT + chat: questions[chat::chats] for chat in range(chats)}
    asked_at, done = dict.fromkeys(left, monotonic()), dict.fromkeys(left, 0)
    server.push(*(updates.text(one[0], chat) for chat, one in left.items()))
    seen = 0
    while any(done[chat] < len(left[chat]) for chat in left):
        server.wait_for(lambda seen=seen: len(server.telegram.calls("sendMessage")) > seen)
        new = server.telegram.calls("sendMessage")[seen:]
        seen += len(new)
        for call in new:
            chat = call.chat_id
            waits[done[chat]].append(call.at - asked_at[chat])
            done[chat] += 1
            if done[chat] < len(left[chat]):
                asked_at[chat] = monotonic()
                server.push(updates.text(left[chat][done[chat]], chat))
    assert set(done.values()) == {len(one) for one in left.values()}, "answered twice"
    return waits


def _print(waits: dict[int, list[float]], chats: int, lasted_s: float) -> None:
    first = waits[0]
    later = [wait for number, some in waits.items() if number for wait in some]
    rows = {"all at once": first, "each after its answer": later}
    print(f"{chats} chats, {sum(map(len, waits.values()))} questions in {lasted_s:.1f} s")
    print(f"{'':22}{'questions':>10}{'median ms':>11}{'99 % ms':>9}{'slowest ms':>12}")
    numbers: dict[str, dict[str, float]] = {}
    for name, some in rows.items():
        if some:
            found = [percentile(some, 50), percentile(some, 99), max(some)]
            median, slow, slowest = (round(one * 1000, 1) for one in found)
            print(f"{name:22}{len(some):>10}{median:>11}{slow:>9}{slowest:>12}")
            numbers[name] = {"questions": len(some), "median_ms": median, "p99_ms": slow,
                             "slowest_ms": slowest}  # fmt: skip
    print(json.dumps({"chats": chats, "seconds": round(lasted_s, 2), **numbers}))


if __name__ == "__main__":
    main()
