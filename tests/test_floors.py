"""The architecture: every module imports only from floors below its own, by absolute names."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("embeddings", "qa")

# From the ground up. Modules on one floor do not import each other.
FLOORS = """
embeddings.character_table embeddings.errors embeddings.replacing
embeddings.words embeddings.remembering embeddings.transformer embeddings.vectors
embeddings.tokens embeddings.pairs
embeddings.static
embeddings.encoder embeddings.reranker embeddings.vector_files
embeddings
embeddings.training.table embeddings.training.corpora embeddings.training.questions
embeddings.training.pairs embeddings.training.tokenizer
embeddings.training.batches
embeddings.training.fitting embeddings.training.evaluation embeddings.training.writing
embeddings.training.steps
embeddings.training
embeddings.training.__main__

qa.errors qa.feedback qa.status qa.telling
qa.records qa.page_lines
qa.reasons qa.wrapping qa.faults qa.config qa.user_files qa.sentences qa.boilerplate qa.spam
qa.seams
qa.outline qa.patterns
qa.cutting
qa.reading.blocks qa.reading.plain qa.reading.ordinary
qa.reading.foreign
qa.reading.encodings
qa.reading.archives qa.reading.tables qa.reading.numbering qa.reading.xml
qa.reading.files qa.reading.printed qa.reading.dates qa.reading.maintext qa.reading.addresses
qa.columns qa.reading.facts qa.reading.digests qa.reading.heads
qa.reading.titles
qa.reading.markdown qa.reading.html qa.reading.delimited qa.reading.sheets qa.reading.slides
qa.reading.pdf qa.reading.word qa.reading.epub qa.reading.odt
qa.reading.mail
qa.reading.formats
qa.reading.worker
qa.reading.isolation
qa.reading.documents
qa.reading
qa.scraps qa.repeating
qa.cleaning qa.splitting

qa.storing qa.schema qa.courtesies qa.announcing qa.pinyin qa.synonyms qa.typed qa.retelling
qa.connecting qa.term_state qa.term_making qa.term_frequencies qa.term_files
qa.term_writing
qa.store qa.terms qa.folder
qa.question qa.slips qa.quoting qa.named_times qa.copies qa.calibration qa.names
qa.layout qa.times qa.pointers qa.citing qa.places qa.kinds qa.things qa.weighing
qa.standing qa.bodies
qa.matching qa.clues qa.alternatives qa.dictionary qa.thrift
qa.reading_closely qa.choosing qa.subjects qa.suggesting qa.everyday
qa.ranking qa.dialogue
qa.several
qa.feeding qa.pieces qa.adding qa.checking qa.edges
qa.recutting qa.writing
qa.work
qa.crew
qa.sharing
qa.bringing_up
qa.indexes
qa.asking
qa.making qa.healing qa.rescoring qa.keeping qa.understanding qa.backups qa.previewing qa.watching
qa.optimizing qa.proving qa.settling
qa.answering qa.filling qa.upkeep
qa.stock qa.remaking
qa.library
qa

qa.opening qa.question_files qa.metrics qa.baseline qa.feedback_files
qa.made_questions qa.measure qa.measuring_dialogues qa.doctor
qa.calibrating
qa.messages.command_line qa.messages.help_pages qa.messages.chat qa.messages.telegram
qa.messages
qa.help qa.render
qa.reports
qa.figures qa.dialogue_figures
qa.terminal
qa.bot
qa.bot.values qa.bot.state qa.bot.shelf qa.bot.counters qa.bot.logs qa.bot.watchdog
qa.bot.settings qa.bot.inbox
qa.bot.order qa.bot.request qa.bot.webhook
qa.bot.examining
qa.bot.markup qa.bot.access qa.bot.uploads qa.bot.catalogue
qa.bot.reports qa.bot.listing
qa.bot.intake
qa.bot.pieces qa.bot.keyboards qa.bot.recalling qa.bot.addressed qa.bot.originals
qa.bot.desk qa.bot.sending
qa.bot.answering qa.bot.correcting qa.bot.inline qa.bot.hints
qa.bot.asking qa.bot.buttons
qa.bot.board
qa.bot.documents qa.bot.removing qa.bot.commands qa.bot.mishaps qa.bot.menu qa.bot.moving
qa.bot.wiring
qa.bot.running
qa.chat
qa.chat.commands qa.chat.conversation qa.chat.history qa.chat.paging qa.chat.waiting
qa.chat.judging qa.chat.completing qa.chat.showing
qa.chat.editing qa.chat.talking
qa.chat.running
qa.verbs
qa.verbs.running
qa.verbs.documents qa.verbs.asking qa.verbs.measuring qa.verbs.safekeeping
qa.cli
qa.__main__
"""
FLOOR = {name: floor for floor, line in enumerate(FLOORS.split("\n")) for name in line.split()}


def modules():
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), file


@cache
def imported(file):
    """Give what a module imports, also inside functions and for type checking only."""
    return tuple(_imported(file))


def _imported(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: absolute imports only"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in FLOOR else node.module


MODULES = list(modules())


@pytest.mark.parametrize(("name", "file"), MODULES, ids=[name for name, _ in MODULES])
def test_imports_go_down(name, file):
    assert name in FLOOR, f"place {name} on a floor"
    for other in imported(file):
        if other.split(".")[0] in PACKAGES:
            assert other in FLOOR, f"{name} imports {other}, which is not there"
            assert FLOOR[other] < FLOOR[name], f"{name} imports {other}, which is not below it"


def test_every_floor_stands():
    assert sorted(FLOOR) == sorted(name for name, _ in MODULES)


@pytest.mark.parametrize(("name", "file"), MODULES, ids=[name for name, _ in MODULES])
def test_embeddings_knows_nothing_of_qa_nor_the_product_of_training_or_tests(name, file):
    for other in imported(file):
        head = other.split(".")[0]
        assert head != "tests"
        if name.startswith("embeddings"):
            assert head != "qa"
        if not name.startswith("embeddings.training"):
            assert not other.startswith("embeddings.training")


# The only modules that may import each of these.
HOMES = {
    "faiss": {"embeddings.vectors", "embeddings.vector_files"},
    "jieba": {"embeddings.words"},
    "rjieba": {"embeddings.words"},
    "opencc": {"embeddings.words"},
    "tantivy": {"qa.terms", "qa.term_writing"},
    "sqlite3": {
        "qa.store",
        "qa.storing",
        "qa.schema",
        "qa.connecting",
        "qa.faults",
        "qa.bot.state",
    },
    "model2vec": {"embeddings.static"},
    "sentence_transformers": {"embeddings.transformer", "embeddings.reranker"},
    "regex": {"qa.patterns"},
    "pypdfium2": {"qa.reading.pdf"},
    "docx": {"qa.reading.word"},
    "openpyxl": {"qa.reading.sheets"},
    "pptx": {"qa.reading.slides"},
    "watchfiles": {"qa.watching"},
    "telegram": {name for name, _ in MODULES if name.startswith("qa.bot.")},
    "tornado": {"qa.bot.webhook"},
    "prometheus_client": {"qa.bot.counters"},
    "prompt_toolkit": {"qa.chat.editing"},
    "pypinyin": {"qa.pinyin"},
}


@pytest.mark.parametrize("engine", HOMES)
def test_each_engine_has_one_home(engine):
    users = {
        name
        for name, file in MODULES
        if not name.startswith("embeddings.training")
        and any(other.split(".")[0] == engine for other in imported(file))
    }
    assert users <= HOMES[engine]
