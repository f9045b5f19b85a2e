"""What stands in deploy/ agrees with the program, with itself, and with the tools that read it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tomllib
from dataclasses import fields
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from qa.bot.settings import NAMES, PREFIX, load_settings
from qa.cli import cli
from qa.config import Config, cleaning_lists, load
from qa.library import Library
from qa.records import Document

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "systemd" / "cited-qa-bot.service"
EXAMPLE = DEPLOY / "qa.toml.example"
README = (DEPLOY / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TOKEN = {"QA_TELEGRAM_TOKEN": "123456:AAtests-only"}
PROGRAMS = [file for file in DEPLOY.rglob("*") if file.is_file() and file.suffix != ".pyc"]


def read(file):
    return file.read_text(encoding="utf-8")


def present(command, *arguments):
    """Give a command's path; skip where it is missing or does not know its first argument."""
    path = shutil.which(command)
    if path is None:
        pytest.skip(f"{command} is not installed")
    if arguments and subprocess.run([path, *arguments], capture_output=True).returncode:
        pytest.skip(f"{command} here has no {arguments[0]}")
    return path


def shell_blocks():
    return re.findall(r"```sh\n(.*?)```", README, re.DOTALL)


# The service


@pytest.fixture
def unit(tmp_path):
    """The service with a program that exists here."""
    file = tmp_path / UNIT.name
    file.write_text(read(UNIT).replace("/opt/cited-qa/bin/qa", sys.executable), encoding="utf-8")
    return file


def test_systemd_finds_nothing_wrong_with_the_service(unit):
    analyze = present("systemd-analyze")
    done = subprocess.run([analyze, "verify", unit], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_systemd_finds_nothing_wrong_with_the_part_for_a_webhook(unit):
    analyze = present("systemd-analyze")
    place = unit.with_name(f"{unit.name}.d")
    place.mkdir()
    shutil.copy(DEPLOY / "systemd" / "webhook.conf", place)
    done = subprocess.run([analyze, "verify", unit], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (place / "webhook.conf").write_text("[Service]\nSocketBindAllow=nonsense:1:2:3\n")
    done = subprocess.run([analyze, "verify", unit], capture_output=True, text=True)
    assert done.stderr != ""  # so the file above was read


def test_the_service_is_as_closed_as_it_can_be(unit):
    analyze = present("systemd-analyze", "security", "--help")
    command = [analyze, "security", "--offline=yes", "--threshold=20", "--no-pager", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True)
    if "unrecognized option" in done.stderr:
        pytest.skip("systemd-analyze here is older than 250")
    assert done.returncode == 0, done.stdout[-500:]  # 2.0 of 10; a plain service has 9.2


def test_service_and_readme_name_the_same_places():
    text = read(UNIT)
    said = dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))
    assert said["ExecStart"] == "/opt/cited-qa/bin/qa bot"
    assert said["WorkingDirectory"] == "/etc/cited-qa"
    library = re.search(r"^Environment=(QA_LIBRARY=(/var/lib/(\S+)/library))$", text, re.MULTILINE)
    assert library[3] == said["StateDirectory"]
    credential, _, place = said["LoadCredential"].partition(":")
    assert credential == "telegram-token"
    for one in (said["User"], library[1], place, "env -C /etc/cited-qa", "/opt/cited-qa/bin/pip"):
        assert one in README
    # The default folder of what people send lies where the service may write.
    sent = Path(library[2]).with_name("library-documents")
    assert sent.parent == Path("/var/lib") / said["StateDirectory"]


def test_the_credentials_are_those_that_the_bot_looks_for(tmp_path):
    names = re.findall(
        r"LoadCredential=([\w-]+):", read(UNIT) + read(DEPLOY / "systemd" / "webhook.conf")
    )
    assert names == ["telegram-token", "telegram-webhook-secret"]
    (tmp_path / names[0]).write_text("123456:AAfrom-systemd\n")
    (tmp_path / names[1]).write_text("s3cret\n")
    environment = {
        "CREDENTIALS_DIRECTORY": str(tmp_path),
        "QA_TELEGRAM_WEBHOOK_URL": "https://qa.example.org/telegram",
    }
    settings = load_settings(Config(), environment=environment, folder=tmp_path)
    assert settings.token.endswith(":AAfrom-systemd")
    assert len(settings.webhook_secret) == 6
    assert settings.webhook_path == "/telegram"
    port = re.search(r"SocketBindAllow=tcp:(\d+)", read(DEPLOY / "systemd" / "webhook.conf"))[1]
    assert settings.webhook_port == int(port)


# The settings


def test_the_example_holds_every_setting_and_no_other():
    example = tomllib.loads(read(EXAMPLE))
    table = example.pop("telegram")
    lists = cleaning_lists(EXAMPLE.parent)  # () and (), where there is no qa.toml
    assert [example.pop(name) for name in ("spam", "rules_off")] == [list(one) for one in lists]
    assert sorted(example) == sorted(one.name for one in fields(Config))
    assert sorted(table) == sorted(NAMES)


def test_the_example_sets_nothing_but_the_defaults(tmp_path):
    shutil.copy(EXAMPLE, tmp_path / "qa.toml")
    nothing = tmp_path / "nothing"
    config = load({}, environment={}, folder=tmp_path)
    assert config == load({}, environment={}, folder=nothing)
    given = load_settings(config, environment=TOKEN, folder=tmp_path)
    assert given == load_settings(config, environment=TOKEN, folder=nothing)


def test_every_setting_of_the_example_is_explained_in_both_languages():
    above = ""
    for line in read(EXAMPLE).splitlines():
        if line.startswith("#"):
            above += line
        elif line and not line.startswith("["):
            name = line.partition(" ")[0]
            if name != "webhook_port":  # explained together with the line before
                assert re.search("[\u4e00-\u9fff]{4}", above), name
                assert re.search(r"[a-z]+ [a-z]+ [a-z]+", above), name
            above = ""
        else:
            above = ""


def test_every_variable_that_is_named_is_a_setting():
    known = {f"QA_{one.name.upper()}" for one in fields(Config)}
    known |= {f"{PREFIX}{one.upper()}" for one in (*NAMES, "token", "webhook_secret")}
    for file in PROGRAMS:
        found = set(re.findall(r"\bQA_[A-Z_]*[A-Z]\b", read(file)))
        assert found - known - {"QA_TELEGRAM"} == set(), file


# The container


def stages():
    return read(DEPLOY / "Dockerfile").split("\nFROM ")


def test_the_extras_of_the_image_are_those_of_the_project():
    text = read(DEPLOY / "Dockerfile")
    [default] = re.findall(r"^ARG EXTRAS=(\S+)$", text, re.MULTILINE)
    known = PROJECT["project"]["optional-dependencies"]
    compose = re.search(r"EXTRAS: (\S+)", read(DEPLOY / "compose.yaml"))[1]
    named = re.findall(r"EXTRAS=([\w,]+)", text + README)
    assert default == compose and len(named) >= 3
    for one in {default, *named, *re.findall(r"'\.\[([\w,]+)\]'", README)}:
        assert set(one.split(",")) <= set(known), one
    assert "models" not in default.split(",")  # torch only when it is asked for


def test_the_images_python_is_one_that_the_project_takes():
    [version] = re.findall(r"^ARG PYTHON=3\.(\d+)$", read(DEPLOY / "Dockerfile"), re.MULTILINE)
    least = re.fullmatch(r">=3\.(\d+)", PROJECT["project"]["requires-python"])[1]
    assert int(version) >= int(least)


def test_what_is_copied_into_the_image_is_there_and_enough_to_install():
    copied = []
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", "\n".join(stages()), re.MULTILINE):
        copied += sources.split()
    for source in copied:
        assert (ROOT / source).exists(), source
    let_in = re.findall(r"^!(.+)$", read(DEPLOY / "Dockerfile.dockerignore"), re.MULTILINE)
    assert sorted(let_in) == sorted(copied)
    needed = {"pyproject.toml", PROJECT["project"]["readme"], *PROJECT["project"]["license-files"]}
    needed |= set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    assert needed <= set(copied)


def test_the_container_runs_as_nobody_in_particular_and_says_how_it_is():
    last = stages()[-1]
    assert re.search(r"^USER 10001$", last, re.MULTILINE)
    assert last.index("USER 10001") > last.index("RUN ")
    assert 'CMD ["python", "/opt/cited-qa/bin/cited-qa-healthy"]' in last
    assert re.search(r'^CMD \["qa", "bot"\]$', last, re.MULTILINE)


def test_hadolint_finds_nothing():
    done = subprocess.run(
        [present("hadolint"), "--ignore", "DL3008", DEPLOY / "Dockerfile"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("files", [["compose.yaml"], ["compose.yaml", "compose.webhook.yaml"]])
def test_docker_compose_takes_the_files(tmp_path, files):
    docker = present("docker", "compose", "version")
    place = shutil.copytree(DEPLOY, tmp_path / "deploy")
    for name in ("telegram-token", "telegram-webhook-secret", "qa.toml"):
        (place / name).touch()
    (place / "documents").mkdir()
    command = [docker, "compose", *(part for name in files for part in ("-f", name)), "config"]
    environment = {**os.environ, "QA_TELEGRAM_WEBHOOK_URL": "https://qa.example.org/telegram"}
    done = subprocess.run(
        [*command, "--quiet"], cwd=place, env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_services_of_compose_fit_the_image():
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    composed = yaml.safe_load(read(DEPLOY / "compose.yaml"))
    bot = composed["services"]["bot"]
    last = stages()[-1]
    assert bot["command"] == ["qa", "bot"]
    assert (DEPLOY / bot["build"]["context"] / bot["build"]["dockerfile"]).is_file()
    assert set(bot["build"]["args"]) <= set(re.findall(r"ARG (\w+)", "\n".join(stages())))
    named = dict(one.split(":") for one in bot["volumes"] if isinstance(one, str))
    assert set(named) == set(composed["volumes"])
    kept = re.search(r"VOLUME \[(.+)\]", last)[1]
    assert sorted(named.values()) == sorted(re.findall(r'"(.+?)"', kept))
    bound = {one["target"]: one["source"] for one in bot["volumes"] if isinstance(one, dict)}
    [working] = re.findall(r"^WORKDIR (/etc\S+)$", last, re.MULTILINE)
    assert bound == {"/documents": "./documents", f"{working}/qa.toml": "./qa.toml"}
    [library] = re.findall(r"QA_LIBRARY=(\S+)", last)
    assert {library, f"{library}-documents"} == set(named.values())
    for name in ("compose.yaml", "compose.webhook.yaml"):
        part = yaml.safe_load(read(DEPLOY / name))
        one = part["services"]["bot"]
        files = [v for k, v in one["environment"].items() if k.endswith("_FILE")]
        assert files == [f"/run/secrets/{secret}" for secret in one["secrets"]]
        assert set(one["secrets"]) == set(part["secrets"])
    assert bot["read_only"] and bot["cap_drop"] == ["ALL"] and bot["mem_limit"] == "2g"


# What the pages say


def test_every_verb_that_is_named_exists():
    named = set()
    for file in PROGRAMS:
        text = read(file)
        named |= set(re.findall(r'"qa", "([a-z]+)"', text))
        if file.suffix == ".md":
            code = "\n".join(re.findall(r"```sh\n.*?```|`[^`\n]+`", text, re.DOTALL))
            named |= set(re.findall(r"(?<![\w./-])qa(?:-bot)? ([a-z]+)\b", code))
        named |= set(re.findall(r"bin/qa ([a-z]+)", text))
    assert {"add", "ask", "bot", "doctor", "rebuild", "calibrate"} <= named
    assert named - set(cli.commands) == set()


def test_every_option_that_is_named_exists():
    for verb, option in re.findall(r"qa(?:-bot)? ([a-z]+) (--[a-z-]+)", README):
        if option != "--help":
            known = {one for part in cli.commands[verb].params for one in part.opts}
            assert option in known, (verb, option)
    assert "--bot" in README


def test_every_file_that_is_named_is_there():
    [table] = re.findall(r"\| file here .*?\n\n", README, re.DOTALL)
    named = set(re.findall(r"`([\w./-]+)`", table))
    there = {str(one.relative_to(DEPLOY)) for one in PROGRAMS} - {"README.md"}
    assert named == there
    for path in re.findall(r"(?<![\w/])deploy/([\w./-]+\w)", "\n".join(map(read, PROGRAMS))):
        assert (DEPLOY / path).exists(), path
    for link in re.findall(r"\]\(((?!https?:)[^)]+)\)", README):
        path, _, anchor = link.partition("#")
        page = (DEPLOY / path).read_text(encoding="utf-8") if path else README
        headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
        made = {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}
        assert not anchor or anchor in made, link


def test_every_shell_block_can_be_parsed():
    shell = present("sh")
    assert len(shell_blocks()) > 8
    for block in shell_blocks():
        done = subprocess.run([shell, "-n"], input=block, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), block


def test_it_comes_with_the_source_and_not_with_the_program():
    targets = PROJECT["tool"]["hatch"]["build"]["targets"]
    assert "/deploy" in targets["sdist"]["include"]
    assert "deploy" not in targets["wheel"]["packages"]


# The two programs


def back_up(*arguments):
    command = [sys.executable, DEPLOY / "backup.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True)


def test_a_backup_made_while_the_bot_writes_opens_and_answers(tmp_path, encoder):
    place = tmp_path / "library"
    sent = tmp_path / "library-documents"
    sent.mkdir()
    (sent / "通知.txt").write_text("驿站每天8时至20时开放。")
    with Library.open(place, encoder) as library:
        library.add([Document.from_text("驿站每天8时至20时开放。", path="通知")])
        library.add(sent)
        other = sqlite3.connect(place / "telegram.db")
        other.executescript(
            "PRAGMA journal_mode = WAL; CREATE TABLE t (n); INSERT INTO t VALUES (7)"
        )
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO t VALUES (8)")
        done = back_up(place, tmp_path / "copies")
        other.close()
    assert (done.returncode, done.stderr) == (0, "")
    made = Path(done.stdout.strip())
    assert made.parent == tmp_path / "copies" and (made.stat().st_mode & 0o077) == 0
    assert [one.name for one in (tmp_path / "copies").iterdir()] == [made.name]
    assert (made / "library-documents" / "通知.txt").read_text() == "驿站每天8时至20时开放。"
    with Library.open(made / "library", encoder, create=False) as library:
        assert library.status().documents == 2
        assert library.search("驿站开放")[0].document.path in ("通知", "通知.txt")
    copy = sqlite3.connect(made / "library" / "telegram.db")
    assert copy.execute("SELECT n FROM t").fetchall() == [(7,)]
    copy.close()


def test_a_backup_that_cannot_be_made_says_so_and_leaves_nothing(tmp_path):
    done = back_up(tmp_path / "none", tmp_path / "copies")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr == f"no backup was made: there is no library in {tmp_path / 'none'}\n"
    assert not (tmp_path / "copies").exists()
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "library.db").write_bytes(b"this is no database" * 100)
    done = back_up(tmp_path / "library", tmp_path / "copies")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert list((tmp_path / "copies").iterdir()) == []
    assert back_up().returncode == 2


def test_a_backup_takes_the_bots_database_from_where_it_is(tmp_path, encoder):
    with Library.open(tmp_path / "library", encoder) as library:
        library.add([Document.from_text("驿站每天8时至20时开放。", path="通知")])
    state = tmp_path / "别处" / "bot.db"
    done = back_up(tmp_path / "library", tmp_path / "first")
    assert done.returncode == 0 and "name its database with --state" in done.stderr
    done = back_up("--state", state, tmp_path / "library", tmp_path / "second")
    assert done.returncode == 1 and done.stderr == f"no backup was made: there is no {state}\n"
    state.parent.mkdir()
    other = sqlite3.connect(state)
    other.executescript("CREATE TABLE t (n); INSERT INTO t VALUES (7)")
    other.close()
    done = back_up("--state", state, tmp_path / "library", tmp_path / "third")
    assert (done.returncode, done.stderr) == (0, "")
    copy = sqlite3.connect(Path(done.stdout.strip()) / "library" / "telegram.db")
    assert copy.execute("SELECT n FROM t").fetchall() == [(7,)]
    copy.close()


def healthy(**environment):
    command = [sys.executable, DEPLOY / "healthy.py"]
    given = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(command, env=given, capture_output=True, text=True)


def test_a_bot_that_polls_is_well_when_its_library_can_be_read(tmp_path, encoder):
    with Library.open(tmp_path / "library", encoder) as library:
        library.add([Document.from_text("正文。", path="a")])
        done = healthy(QA_LIBRARY=str(tmp_path / "library"))
    assert (done.returncode, done.stdout) == (0, "1 documents\n")
    done = healthy(QA_LIBRARY=str(tmp_path / "none"))
    assert done.returncode == 1 and done.stderr.startswith("not well: ")
    assert not (tmp_path / "none").exists()


@pytest.mark.network
def test_a_bot_with_a_webhook_is_well_when_its_server_says_so():
    status = [200]

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status[0] if self.path == "/healthz" else 404)
            self.end_headers()
            self.wfile.write(b"ok\n")

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever)
    thread.start()
    given = {
        "QA_TELEGRAM_WEBHOOK_URL": "https://qa.example.org/telegram",
        "QA_TELEGRAM_WEBHOOK_PORT": str(server.server_port),
    }
    try:
        done = healthy(**given)
        assert (done.returncode, done.stdout) == (0, "ok\n")
        status[0] = 503
        assert healthy(**given).returncode == 1
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        given["QA_TELEGRAM_WEBHOOK_PORT"] = str(free.getsockname()[1])
    assert healthy(**given).returncode == 1
