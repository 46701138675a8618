"""The saved tokenizer gives the library's ids without the library."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import open_clip
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from open_clip.tokenizer import SimpleTokenizer
from tokenizers import Tokenizer

from export.clip.texts import TEXTS
from export.clip.tokenizer import library_tokenizer, save_tokenizer
from export.errors import Unsupported
from models.text_encoder import clean

SIZES = (49408, 4096, 514 + 1, 514)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tokenizers")


def ids(path: Path, mode: str, texts: list[str]) -> list[list[int]]:
    tokenizer = Tokenizer.from_file(str(path))
    return [encoding.ids for encoding in tokenizer.encode_batch([clean(text, mode) for text in texts])]


@pytest.mark.parametrize("size", SIZES)
def test_ids_are_the_library_s(folder: Path, size: int) -> None:
    library = library_tokenizer("ViT-B-32", size)
    settings = save_tokenizer(library, folder / f"{size}.json")
    assert (library.vocab_size, library.sot_token_id, library.eot_token_id) == (size, size - 2, size - 1)
    assert ids(folder / f"{size}.json", settings.clean, list(TEXTS)) == library(list(TEXTS)).tolist()


def test_truncation_keeps_the_end(folder: Path) -> None:
    library = library_tokenizer("ViT-B-32", 1000)
    save_tokenizer(library, folder / "cut.json")
    (row,) = ids(folder / "cut.json", "lower", ["very long " * 100])
    assert (row[0], row[-1], len(row)) == (998, 999, 77)


@pytest.mark.parametrize("mode", ["whitespace", "canonicalize"])
def test_other_ways_to_clean(folder: Path, mode: str) -> None:
    library = SimpleTokenizer(clean=mode)
    settings = save_tokenizer(library, folder / f"{mode}.json")
    assert settings.clean == mode
    assert ids(folder / f"{mode}.json", mode, list(TEXTS)) == library(list(TEXTS)).tolist()


def test_any_text(folder: Path) -> None:
    library = open_clip.get_tokenizer("ViT-B-32")
    path = folder / "any.json"
    save_tokenizer(library, path)
    tokenizer = Tokenizer.from_file(str(path))

    @settings(max_examples=150, deadline=None, derandomize=True)
    @given(st.text(st.characters(exclude_categories=["Cn", "Cs"]), max_size=60))
    def same(text: str) -> None:
        cleaned = clean(text, "lower")
        assume("_of_text>" not in cleaned)  # see below
        assume("\u0345" not in cleaned)  # the one character that `regex` takes for neither letter nor other
        # Of unassigned characters, newer Unicode tables know more than older ones.
        assume(all(unicodedata.category(character) != "Cn" for character in cleaned))
        assert tokenizer.encode(cleaned).ids == library([text])[0].tolist()

    same()


def test_special_tokens_in_a_text_are_text(folder: Path) -> None:
    library = library_tokenizer("ViT-B-32", 1000)
    save_tokenizer(library, folder / "special.json")
    (row,) = ids(folder / "special.json", "lower", ["<end_of_text> red <start_of_text>"])
    assert row.count(999) == row.count(998) == 1


def test_a_tokenizer_of_transformers_is_taken_over(folder: Path) -> None:
    """By its backend alone; transformers itself is not needed."""
    library = library_tokenizer("ViT-B-32", 1000)
    save_tokenizer(library, folder / "backend.json")
    inner = SimpleNamespace(
        backend_tokenizer=Tokenizer.from_file(str(folder / "backend.json")),
        pad_token_id=999,
        pad_token="</s>",
    )
    wrapper = SimpleNamespace(tokenizer=inner, context_length=12, clean_fn=library.clean_fn)
    assert save_tokenizer(wrapper, folder / "taken.json").context_length == 12
    expected = library(["Red dress"], context_length=12)[0].numpy()
    expected[np.flatnonzero(expected == 999)[0] :] = 999
    assert ids(folder / "taken.json", "lower", ["Red dress"]) == [expected.tolist()]


def test_random_tokenizers_are_refused(folder: Path) -> None:
    with pytest.raises(Unsupported, match="at random"):
        save_tokenizer(SimpleTokenizer(reduction_mask="simple"), folder / "random.json")
