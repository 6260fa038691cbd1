"""The script `casepath`: what it says of machines it can't serve, and that it does nothing twice."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from .programs import ROOT


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script as a module, with an environment of its own and nothing that it could run."""
    monkeypatch.setenv("CASEPATH_ENVIRONMENT", str(tmp_path / "environment"))
    monkeypatch.setenv("PATH", str(tmp_path / "programs"))
    monkeypatch.delenv("CASEPATH_CHROMIUM", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "programs").mkdir()
    loader = SourceFileLoader("casepath_script", str(ROOT / "casepath"))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    monkeypatch.setattr(module, "run", lambda *command, cwd=None: pytest.fail(f"ran {command}"))
    return module


def program(folder: Path, name: str, text: str = "exit 0") -> Path:
    path = folder / "programs" / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("system", "machine", "library", "sentence"),
    [
        (
            "Windows",
            "AMD64",
            ("", ""),
            "Expected Linux or macOS on x86-64 or arm64 but this is Windows on AMD64.",
        ),
        ("Linux", "riscv64", ("glibc", "2.39"), "but this is Linux on riscv64."),
        ("Linux", "x86_64", ("", ""), "Expected glibc 2.28 or newer but found another C library"),
        ("Linux", "x86_64", ("glibc", "2.17"), "Expected glibc 2.28 or newer but found glibc 2.17."),
        ("Linux", "aarch64", ("glibc", "2.39"), "Expected valkey-server or redis-server on PATH"),
        ("Darwin", "x86_64", ("", ""), "Expected valkey-server or redis-server on PATH"),
    ],
)
def test_another_machine_gets_one_sentence_before_anything_is_made(
    script: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    system: str,
    machine: str,
    library: tuple[str, str],
    sentence: str,
) -> None:
    monkeypatch.setattr(script.platform, "system", lambda: system)
    monkeypatch.setattr(script.platform, "machine", lambda: machine)
    monkeypatch.setattr(script.platform, "libc_ver", lambda: library)
    with pytest.raises(script.CannotGoOn, match=sentence):
        script.main(["up"])
    assert not script.ENVIRONMENT.exists()


@pytest.mark.parametrize(("system", "machine"), [("Linux", "aarch64"), ("Darwin", "x86_64")])
def test_a_machine_without_the_valkey_wheel_is_served_by_a_redis_on_path(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str, machine: str
) -> None:
    monkeypatch.setattr(script.platform, "system", lambda: system)
    monkeypatch.setattr(script.platform, "machine", lambda: machine)
    monkeypatch.setattr(script.platform, "libc_ver", lambda: ("glibc", "2.39"))
    program(tmp_path, "redis-server")
    assert script.check_machine() is None


def test_without_any_python_of_the_right_age_the_shell_says_which_are(tmp_path: Path) -> None:
    (tmp_path / "programs").mkdir()
    program(tmp_path, "python3", "exit 1")
    done = subprocess.run(
        ["/bin/sh", ROOT / "casepath", "up"],
        env={"PATH": str(tmp_path / "programs")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "casepath: Expected Python 3.11, 3.12 or 3.13 on PATH but found none of them.\n"


def test_a_python_that_can_make_no_environment_names_the_package_to_install(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "succeeds", lambda *_, seconds=60: False)
    with pytest.raises(script.CannotGoOn, match=r"install the package python3\.\d+-venv"):
        script.make_environment("requirements.lock")


def test_an_environment_that_is_not_casepaths_own_is_left_alone(script: ModuleType) -> None:
    (script.ENVIRONMENT / "lib").mkdir(parents=True)
    with pytest.raises(script.CannotGoOn, match="to be Casepath's own but it isn't"):
        script.make_environment("requirements.lock")
    assert (script.ENVIRONMENT / "lib").is_dir()


def test_a_lock_file_is_installed_once_and_again_when_it_changed(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (script.ENVIRONMENT / "bin").mkdir(parents=True)
    script.PYTHON.symlink_to(sys.executable)
    installed: list[str] = []
    monkeypatch.setattr(script, "ROOT", tmp_path)
    monkeypatch.setattr(script, "install", installed.append)
    for content in ("one", "one", "two", "two"):
        (tmp_path / "some.lock").write_text(content)
        script.make_environment("some.lock")
    assert installed == ["some.lock", "some.lock"]


def test_pages_are_built_once_and_again_when_their_sources_changed(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assets, built = tmp_path / "assets", tmp_path / "built"
    (assets / "node_modules" / "fetched").mkdir(parents=True)
    built.mkdir()
    (assets / "package-lock.json").write_text("{}")
    ran: list[str] = []
    monkeypatch.setattr(script, "ASSETS", assets)
    monkeypatch.setattr(script, "BUILT", built)
    monkeypatch.setattr(script, "find_npm", lambda: ["npm"])
    monkeypatch.setattr(script, "run", lambda *command, cwd: ran.append(command[1]))
    script.build_pages()
    (assets / "node_modules" / "fetched" / "index.js").write_text("what npm brought is no source")
    script.build_pages()
    assert ran == ["ci", "run"]
    (assets / "page.js").write_text("changed")
    script.build_pages()
    assert ran == ["ci", "run", "ci", "run"]


@pytest.mark.parametrize(
    ("version", "from_wheel"), [("v18.20.1", True), ("v20.0.0", False), ("v24.1.0", False)]
)
def test_a_node_on_path_is_used_when_it_is_new_enough(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str, from_wheel: bool
) -> None:
    program(tmp_path, "node", f"echo {version}")
    npm = program(tmp_path, "npm")
    installed: list[str] = []
    monkeypatch.setattr(script, "make_environment", installed.append)
    monkeypatch.setattr(script, "output", lambda *command: version if "--version" in command else "/wheel")
    assert script.find_npm()[0] == ("/wheel/bin/node" if from_wheel else str(npm))
    assert installed == (["requirements-node.lock"] if from_wheel else [])


def test_the_chromium_named_comes_before_the_one_on_path(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    on_path, named = program(tmp_path, "chromium"), program(tmp_path, "mine")
    assert script.find_chromium() == str(on_path)
    monkeypatch.setenv("CASEPATH_CHROMIUM", str(named))
    assert script.find_chromium() == str(named)


def test_a_chromium_on_path_that_does_not_run_is_passed_over_for_playwrights(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program(tmp_path, "chromium", "exit 127")
    playwrights = program(tmp_path, "headless_shell")
    monkeypatch.setattr(script, "chromium_of_playwright", lambda: str(playwrights))
    assert script.find_chromium() == str(playwrights)


def test_without_any_chromium_the_way_out_is_named_and_no_browser_takes_it(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "chromium_of_playwright", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(script.CannotGoOn, match="leave these tests out with --no-browser"):
        script.test_command([])
    assert script.test_command(["--no-browser", "-k", "timers"])[-4:] == ["-m", "not browser", "-k", "timers"]
