"""What is installed, and what must hold for the files around the code."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from bot.settings import Settings, read_settings

ROOT = Path(__file__).parent.parent
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
RUNTIME = [Requirement(each) for each in PROJECT["dependencies"]]
FOLDERS = ("bot", "content", "handlers", "scheduler")
TESTING = [Requirement(each) for each in PROJECT["optional-dependencies"]["test"]]

# Their licences ask that users can replace them, which a dependency allows. The README names them.
WEAK_COPYLEFT = {"certifi", "orjson", "python-stdnum", "python-telegram-bot"}


def test_the_package_bot_says_nothing() -> None:
    """``bot`` holds the top and the bottom layer: an import here would make start-up depend on its order."""
    assert (ROOT / "bot" / "__init__.py").read_bytes() == b""


def test_the_top_of_the_repository_holds_what_was_agreed() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    files = {"Procfile", "README.md", "pyproject.toml", "requirements.lock"}
    kept_while_running = {"var"}
    assert found - kept_while_running == {*FOLDERS, "tests"} | files


def test_every_module_stands_in_a_contract_about_imports() -> None:
    """The linter passes over modules that no contract names, so a new one has to be written down."""
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    [layers] = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    layered = {module for layer in layers for module in layer.split(" | ")}
    assert _modules_in("bot") - layered == set()
    told_apart = {name for contract in contracts[1:] for name in contract["source_modules"]}
    assert _modules_in("bot.channels") - told_apart == set()


def test_every_dependency_is_locked_with_hashes() -> None:
    locked = _locked()
    for requirement in RUNTIME + TESTING:
        versions = locked.get(canonicalize_name(requirement.name), set())
        assert versions, f"{requirement.name} is not in requirements.lock"
        assert all(version in requirement.specifier for version in versions), f"{requirement} is locked at {versions}"


def test_the_lock_names_no_index() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_what_is_installed_at_run_time_may_be_passed_on() -> None:
    licences = {name: _licence(installed) for name, installed in _runtime_closure().items()}
    assert [name for name, licence in licences.items() if not licence] == []
    strong = re.compile(r"\bA?GPL|(?<!Lesser )General Public", re.IGNORECASE)
    assert [name for name, licence in licences.items() if strong.search(licence)] == []
    weak = {name for name, licence in licences.items() if re.search(r"LGPL|Lesser General|MPL|Mozilla", licence)}
    assert weak == WEAK_COPYLEFT


def test_the_readme_names_the_copyleft_dependencies() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in sorted(WEAK_COPYLEFT) if name not in readme] == []


def test_the_example_file_has_every_setting() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    names = [line.partition("=")[0] for line in example.splitlines() if line and not line.startswith("#")]
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)


def test_the_example_file_says_what_the_defaults_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    defaults = read_settings()
    (tmp_path / ".env").write_bytes((ROOT / ".env.example").read_bytes())
    assert read_settings() == defaults


def test_a_wheel_has_the_catalogs_and_pages(tmp_path: Path) -> None:
    build = "import sys, hatchling.build; print(hatchling.build.build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, str(tmp_path)], cwd=ROOT, check=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    shipped = {
        path.relative_to(ROOT).as_posix()
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert {"content/locales/vi/LC_MESSAGES/nhipcau.mo", "content/locales/en/LC_MESSAGES/nhipcau.mo"} <= names
    assert shipped <= names
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == set(FOLDERS)


def _modules_in(package: str) -> set[str]:
    folder = ROOT.joinpath(*package.split("."))
    found = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    return {f"{package}.{name}" for name in found - {"__init__"}}


def _locked() -> dict[str, set[Version]]:
    """The locked versions of every package: more than one where it depends on the version of Python."""
    versions: dict[str, set[Version]] = {}
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if match := re.match(r"([a-zA-Z0-9._-]+)==([^ ;\\]+)", line):
            assert "--hash=sha256:" in following, f"{match[1]} has no hash"
            versions.setdefault(canonicalize_name(match[1]), set()).add(Version(match[2]))
    return versions


def _runtime_closure() -> dict[str, Distribution]:
    """Everything that `pip install .` brings on this machine."""
    found: dict[tuple[str, str], Distribution] = {}  # by name and extra: an extra asks for more
    waiting = [(requirement, "") for requirement in RUNTIME]
    while waiting:
        requirement, extra_of_parent = waiting.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra_of_parent}):
            continue
        name = canonicalize_name(requirement.name)
        for extra in {"", *requirement.extras}:
            if (name, extra) not in found:
                found[name, extra] = installed = distribution(name)
                waiting.extend((Requirement(line), extra) for line in installed.requires or ())
    return {name: installed for (name, _), installed in found.items()}


def _licence(installed: Distribution) -> str:
    """What a package says of its licence: an expression, the first line of a text, or classifiers."""
    metadata = installed.metadata
    expressions = metadata.get_all("License-Expression") or []
    texts = [text.strip().partition("\n")[0] for text in metadata.get_all("License") or ()]
    classifiers = [each for each in metadata.get_all("Classifier") or () if each.startswith("License ::")]
    return " | ".join(word for word in [*expressions, *texts, *classifiers] if word and word != "UNKNOWN")
