"""The scripts behind `make`, on a machine that lacks things: what is missing is installed where we may, else said.

The machine is made up of a few programs in a directory of the test; a machine that really is bare is tried by hand.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from config import ROOT

NEEDED = ("bash", "dirname", "mktemp", "grep", "sed", "tail", "rm", "printf", "env")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A directory of programs that is all of PATH, in which nobody is root."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in NEEDED:
        if found := shutil.which(name):
            (programs / name).symlink_to(found)
    put(programs, "id", "echo 1000")
    put(programs, "mkdir", "true")  # what would be written outside the directory goes nowhere
    put(programs, "tee", "true")
    return programs


def put(programs: Path, name: str, script: str) -> None:
    (programs / name).write_text(f"#!/bin/sh\n{script}\n")
    (programs / name).chmod(0o755)


def run(machine: Path, script: str, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(ROOT / "scripts" / script), *args],
        cwd=machine.parent,
        env={"PATH": str(machine), "HOME": os.environ.get("HOME", "/")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_an_ordinary_user_is_told_what_to_install(machine: Path) -> None:
    answer = run(machine, "tools.sh")
    assert answer.returncode == 1
    assert "Chromium saknas. Installera det (Debian: apt-get install chromium)" in answer.stderr
    assert "Installerar" not in answer.stdout


def test_root_installs_the_browser_and_takes_the_larger_one_where_the_small_is_not_to_be_had(machine: Path) -> None:
    put(machine, "id", "echo 0")
    put(machine, "initdb", "true")
    browser = f'printf "#!/bin/sh\\n" >{machine}/chromium; {shutil.which("chmod")} +x {machine}/chromium'
    put(machine, "apt-get", f'case "$*" in *headless*) exit 100;; *"install"*chromium) {browser};; esac')
    answer = run(machine, "tools.sh")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("Installerar chromium-headless-shell")


def test_what_apt_says_is_told_when_it_fails(machine: Path) -> None:
    put(machine, "id", "echo 0")
    put(machine, "apt-get", 'echo "E: Temporary failure resolving" >&2; exit 100')
    answer = run(machine, "tools.sh")
    assert answer.returncode == 1
    assert "apt-get: E: Temporary failure resolving" in answer.stderr
    assert "Chromium saknas" in answer.stderr


def test_the_library_that_playwright_lacks_is_named(machine: Path) -> None:
    put(machine, "chromium", "true")
    put(machine, "initdb", "true")
    driver = machine.parent / ".venv/lib/python3.11/site-packages/playwright/driver"
    driver.mkdir(parents=True)
    put(driver, "node", "exit 127")
    answer = run(machine, "tools.sh")
    assert (answer.returncode, "apt-get install libatomic1" in answer.stderr) == (1, True)
    put(driver, "node", "echo v24")
    assert run(machine, "tools.sh").returncode == 0


def test_a_python_without_venv_is_said_and_nothing_is_left(machine: Path) -> None:
    put(machine, "python3", 'case "$*" in *ensurepip*) exit 1;; esac')
    answer = run(machine, "setup.sh", "python3", "requirements.lock")
    assert answer.returncode == 1
    assert "Installera den (Debian: apt-get install python3-venv)" in answer.stderr
    assert not (machine.parent / ".venv").exists()


def test_an_old_python_is_refused(machine: Path) -> None:
    put(machine, "python3", "exit 1")
    answer = run(machine, "setup.sh", "python3", "requirements.lock")
    assert (answer.returncode, "Python 3.11 eller nyare behövs." in answer.stderr) == (1, True)


@pytest.mark.parametrize("port", ["abc", "80", "99999", "-1"])
def test_a_port_that_is_none_is_said_in_swedish(port: str) -> None:
    answer = subprocess.run(
        [str(ROOT / ".venv/bin/python"), str(ROOT / "scripts/run_demo.py"), f"--port={port}"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (answer.returncode, "Porten ska vara ett tal mellan 1024 och 65535" in answer.stderr) == (1, True)
