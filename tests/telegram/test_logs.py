"""The log: one line for each thing, no secrets, no tracebacks unless asked for."""

from __future__ import annotations

import io
import logging

import pytest

from qa.bot.logs import event, set_up

SECRET = "123456:AAH-part"  # noqa: S105


@pytest.fixture(autouse=True)
def as_before():
    names = ["qa", "telegram", "telegram.request", "httpx", "httpcore", "tornado.access", "hpack"]
    levels = {name: logging.getLogger(name).level for name in names}
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def logged(work, *, verbose=False) -> str:
    stream = io.StringIO()
    set_up([SECRET, ""], verbose=verbose, stream=stream)
    work()
    return stream.getvalue()


def fail():
    try:
        raise ValueError(f"no {SECRET}\nat all")
    except ValueError:
        logging.getLogger("qa.bot.x").exception("it failed")


def test_a_thing_is_one_line_with_its_facts():
    line = logged(lambda: event(logging.getLogger("qa.bot.x"), "got it", found=True, at="a b", n=3))
    stamp, _, rest = line.partition(" ")
    assert stamp.startswith("time=20")
    assert rest == 'level=info where=qa.bot.x said="got it" found=true at="a b" n=3\n'


def test_values_cannot_begin_a_line_of_their_own():
    line = logged(lambda: logging.getLogger("qa").warning("a\nlevel=error said=%s", '"'))
    assert line.count("\n") == 1
    assert 'said="a\\nlevel=error said=\\""' in line


def test_an_error_is_one_line_without_traceback_and_secrets():
    line = logged(fail)
    assert line.count("\n") == 1
    assert "Traceback" not in line
    assert SECRET not in line
    assert 'error="ValueError: no …\\nat all"' in line
    assert "test_logs.py:" in line


def test_verbose_shows_the_traceback_in_the_same_line():
    line = logged(fail, verbose=True)
    assert line.count("\n") == 1
    assert "Traceback" in line
    assert SECRET not in line


def test_what_would_log_addresses_or_content_is_quiet():
    def loud():
        logging.getLogger("httpx").info("POST https://api.telegram.org/bot%s/getMe", SECRET)
        logging.getLogger("telegram.request.BaseRequest").error("invalid JSON data: a question")
        logging.getLogger("telegram.ext.Application").info("started")
        logging.getLogger("faiss.loader").info("loading")

    assert logged(loud) == ""
    assert logged(loud, verbose=True).count("\n") == 1
