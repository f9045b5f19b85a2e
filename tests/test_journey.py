"""One journey through the real command line: add, ask, change, add, ask, remove, ask."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import embeddings

BUILTIN = Path(embeddings.__file__).parent / "builtin" / "modules.json"


def test_add_ask_change_add_ask_remove_ask(tmp_path):
    if not BUILTIN.exists():
        pytest.skip("the built-in model is not in this checkout")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
    environment = {**kept, "QA_LANGUAGE": "en", "QA_LIBRARY": str(tmp_path / "library")}

    def qa(*arguments, code=0):
        done = subprocess.run(
            [sys.executable, "-m", "qa", *map(str, arguments)], cwd=tmp_path, env=environment,
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        return done.stdout

    def ask(question):
        return json.loads(qa("ask", question, "--json"))

    docs = tmp_path / "docs"
    docs.mkdir()
    notice = docs / "通知.txt"
    notice.write_text(
        "关于职工阅览室开放时间的通知\n\n职工阅览室每周二至周日开放，开放时间为九点到十七点。\n",
        encoding="utf-8",
    )
    (docs / "疗休养.md").write_text(
        "# 职工疗休养办法\n\n一线职工每三年参加一次疗休养，每次不超过五天。\n", encoding="utf-8"
    )

    # A first library, and an answer that stands where it says.
    assert qa("add", docs).startswith("2 added, 0 updated, 0 unchanged, 0 removed; 2 documents")
    before = ask("职工阅览室几点开放")
    assert before["found"]
    assert "九点到十七点" in before["quote"]
    [first, *_] = before["citations"]
    text = notice.read_text(encoding="utf-8")
    assert first["path"] == "通知.txt"
    assert text[first["quote_start"] : first["quote_end"]] == before["quote"]
    assert text[first["start"] : first["end"]] == first["text"]

    # The document changes: the library says so, follows it, and forgets the old words.
    notice.write_text(text.replace("九点到十七点", "八点到二十一点"), encoding="utf-8")
    assert "no longer there" in qa("verify", code=1)
    assert qa("add", docs).startswith("0 added, 1 updated, 1 unchanged, 0 removed; 2 documents")
    after = ask("职工阅览室几点开放")
    assert after["found"]
    assert "八点到二十一点" in after["quote"]
    assert not any("九点到十七点" in one["text"] for one in after["citations"])
    assert after["citations"][0]["id"] != first["id"]

    # It is removed: what it said is not found any more, the rest is.
    qa("remove", notice)
    gone = ask("职工阅览室几点开放")
    assert not any(one["path"] == "通知.txt" for one in gone["citations"] + gone.get("closest", []))
    assert "五天" in ask("一线职工疗休养每次不超过几天")["citations"][0]["text"]
    assert notice.exists()
