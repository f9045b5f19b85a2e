"""What every test has: no network, an encoder that costs nothing, and documents to work on."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # so that tests can import `tests.fakes`, however they are started
    sys.path.append(str(ROOT))

from tests.fakes import FakeEncoder  # noqa: E402

if TYPE_CHECKING:
    from qa.library import Library

_LONGEST = (
    "test_docs.py", "test_screen.py", "test_bot_ends.py", "test_crew.py", "test_torture.py",
    "test_cli.py", "test_calibrating.py", "test_library_sharing.py", "test_journey.py",
)  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Have the processes that tests start be as those that people start."""
    # A shell's job in the background ignores Ctrl-C, and with it all that it starts.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # Where no bytecode may be left behind, each of them would compile the whole program, which is
    # half of what it takes: it is left in a folder of this run and of its workers, which goes.
    if sys.dont_write_bytecode and not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="cited-qa-bytecode-")
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests: no worker is left alone with one of them at the end."""
    items.sort(key=lambda item: item.path.name not in _LONGEST)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give all tests of a file to one worker, in order: what they share is made once.

    Which tests run in one process is then no matter of chance. `--dist` says otherwise.
    """
    if config.getoption("dist") != "load":  # what -n means by itself
        return None
    from xdist.scheduler import LoadFileScheduling

    config.option.loadscopereorder = False  # the longest first, not those with the most tests
    return LoadFileScheduling(config, log)


os.environ["HF_HUB_OFFLINE"] = "1"

# Nothing is left in the checkout, and there is no deadline: the first example of a test may load a
# dictionary.
set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "cited-qa-hypothesis")
settings.register_profile(
    "cited-qa",
    # The same examples every time, so that a change fails by its own fault; others with QA_EXPLORE.
    derandomize="QA_EXPLORE" not in os.environ,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("cited-qa")


@pytest.fixture(autouse=True)
def offline(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection, unless the test is marked `network`."""
    if request.node.get_closest_marker("network"):
        return

    def refuse(self: socket.socket, address: object) -> None:
        raise AssertionError(f"a test tried to reach {address!r}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The project's corpora and question sets, which stand beside the checkout or not at all."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"needs the project's corpora in {folder}")
    return folder


@pytest.fixture(scope="session")
def sample() -> Path:
    """The folder of sample documents that ships with the repository."""
    return ROOT / "docs" / "sample"


@pytest.fixture(scope="session")
def sample_questions() -> Path:
    """The questions about the sample documents, as JSON lines."""
    return ROOT / "docs" / "sample-questions.jsonl"


@pytest.fixture(scope="session")
def encoder() -> FakeEncoder:
    """An encoder that loads nothing."""
    return FakeEncoder()


@pytest.fixture(scope="session")
def sample_library(
    tmp_path_factory: pytest.TempPathFactory, sample: Path, encoder: FakeEncoder
) -> Iterator[Library]:
    """A library of the sample documents, made once: only read it."""
    from qa.library import Library

    with Library.open(tmp_path_factory.mktemp("sample") / "library", encoder) as library:
        library.add(sample)
        yield library
