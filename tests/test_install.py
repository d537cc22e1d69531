"""What `make run` asks of pip, with and without TORCH=cpu."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts import constraints
from tests.test_house import ROOT

TORCH = next(
    line for line in (ROOT / "requirements.txt").read_text().splitlines() if "torch==" in line
)
EVERYTHING = "install -r requirements.txt"
CPU_BUILD = f"install --no-deps --index-url https://download.pytorch.org/whl/cpu {TORCH}+cpu"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose Python writes down what pip is asked, and has the torch of `installed`."""
    for name in ("Makefile", "requirements.txt", "constraints.txt", "scripts/install.sh"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    script(
        tmp_path / ".venv" / "bin" / "python",
        'case "$*" in *"-m pip"*) echo "$*" >>asked ;; *torch*) cat installed ;; esac',
    )
    return tmp_path


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def make_app(checkout: Path, *variables: str, system: str) -> subprocess.CompletedProcess[str]:
    script(checkout / "system" / "uname", f"echo {system}")
    given = {"TORCH", "MAKEFLAGS", "MAKEOVERRIDES"}  # to the `make test` that runs this test
    environment = {name: value for name, value in os.environ.items() if name not in given}
    environment["PATH"] = f"{checkout / 'system'}{os.pathsep}{environment['PATH']}"
    command = ["make", "app", *variables]
    return subprocess.run(
        command, cwd=checkout, env=environment, check=False, stderr=subprocess.PIPE, text=True
    )


def asked(checkout: Path, *variables: str, system: str = "Linux") -> list[str]:
    """What pip is asked to install by `make app`, on a system of this name."""
    log = checkout / "asked"
    log.write_text("")
    make_app(checkout, *variables, system=system).check_returncode()
    lines = log.read_text().splitlines()
    return [line[line.index("install") :] for line in lines if " install " in line]


def test_pytorch_comes_with_all_else_where_nothing_is_said(checkout: Path) -> None:
    assert asked(checkout) == [EVERYTHING]
    assert asked(checkout) == []


def test_the_cpu_build_comes_first_and_nothing_else_from_where_it_lies(checkout: Path) -> None:
    assert asked(checkout, "TORCH=cpu") == [CPU_BUILD, EVERYTHING]
    (checkout / "installed").write_text(TORCH.removeprefix("torch==") + "+cpu")
    assert asked(checkout, "TORCH=cpu") == []


def test_the_cpu_build_takes_the_place_of_another(checkout: Path) -> None:
    asked(checkout)
    (checkout / "installed").write_text(TORCH.removeprefix("torch=="))
    assert asked(checkout, "TORCH=cpu") == [CPU_BUILD]


def test_other_systems_than_linux_have_a_cpu_build_anyway(checkout: Path) -> None:
    assert asked(checkout, "TORCH=cpu", system="Darwin") == [EVERYTHING]


def test_another_constraint_is_installed_anew(checkout: Path) -> None:
    asked(checkout)
    with (checkout / "constraints.txt").open("a") as lists:
        lists.write("another==1\n")
    assert asked(checkout) == [EVERYTHING]


def test_constraints_are_versions_and_nothing_of_the_machine_that_wrote_them() -> None:
    comment, *lines = constraints.TARGET.read_text().splitlines()
    assert comment == constraints.HEADER.strip()
    assert lines == sorted(lines, key=lambda line: line.split("=="))
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line) for line in lines)
    assert "-c constraints.txt" in (ROOT / "requirements.txt").read_text().splitlines()


def test_whatever_is_needed_indirectly_is_pinned_at_the_version_that_is_tested() -> None:
    lines = constraints.TARGET.read_text().splitlines()[1:]
    written = dict(line.split("==") for line in lines)
    for_cards = ("nvidia-", "cuda-", "triton")  # PyTorch pins these, on some systems
    here = {
        name: version
        for name, version in constraints.pinned().items()
        if not name.startswith(for_cards)
    }
    assert here.items() <= written.items()


def test_an_unknown_build_is_refused_in_a_sentence(checkout: Path) -> None:
    refused = make_app(checkout, "TORCH=gpu", system="Linux")
    assert refused.returncode
    assert "TORCH can be cpu or not given at all, got gpu." in refused.stderr
    assert not (checkout / "asked").exists()
