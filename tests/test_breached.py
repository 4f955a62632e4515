"""The command that gathers the breached passwords, with lists made here; it downloads nothing."""

from pathlib import Path

import pytest

from authentication.core.digests import DigestSet
from authentication.users import password_validators
from tools import breached


def test_the_list_is_made_from_files_of_your_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, own = tmp_path / "breached.bin", tmp_path / "own.txt"
    own.write_text("Purple-Teapot\nshort\npurple-teapot\n" + "x" * 200 + "\n")
    monkeypatch.setattr(breached, "BREACHED", made)

    assert breached.main([str(own)]) == 0

    listed = DigestSet.read(made, password_validators.DIGEST_BYTES)
    assert ["purple-teapot" in listed, "password" in listed, "short" in listed] == [True, True, False]
    without = breached.gather([])
    assert len(made.read_bytes()) - len(without) == password_validators.DIGEST_BYTES


def test_a_list_that_is_too_long_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    room = len(breached.gather([])) // password_validators.DIGEST_BYTES + 1
    monkeypatch.setattr(breached, "MAX_PASSWORDS", room)

    listed = DigestSet(breached.gather(["first-teapot", "second-teapot"]), password_validators.DIGEST_BYTES)

    assert ["first-teapot" in listed, "second-teapot" in listed] == [True, False]


def test_an_unknown_option_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert breached.main(["--help-me"]) == 2
    assert capsys.readouterr().err == "Usage: python -m tools.breached [--check | LIST...]\n"
