"""Sets of texts of which only digests are kept."""

from pathlib import Path

import pytest

from authentication.core.digests import DigestSet, pack

WORDS = ["apple", "pear", "plum", "quince", ""]


def test_a_token_contains_what_was_packed_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "words.bin"
    file.write_bytes(pack([*WORDS, "plum"], size=6))

    words = DigestSet.read(file, size=6)

    assert len(words) == 5
    assert [word for word in WORDS if word not in words] == []
    # Their digests fall before, between and after those of the words.
    assert [text for text in map(str, range(1_000)) if text in words] == []


def test_an_empty_set_holds_nothing() -> None:
    assert "" not in DigestSet(b"", size=6)


@pytest.mark.parametrize("text", ["\ud800", "plum\x00", "\U0010ffff" * 1_000])
def test_any_text_can_be_looked_up(text: str) -> None:
    assert text not in DigestSet(pack(WORDS, size=6), size=6)
    assert text in DigestSet(pack([text], size=6), size=6)
