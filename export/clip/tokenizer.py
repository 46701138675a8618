"""The library's tokenizers as files for the `tokenizers` package."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path
from typing import Any, Literal, cast

import open_clip
from open_clip.tokenizer import SimpleTokenizer, default_bpe
from tokenizers import Regex, Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel, Sequence, Split
from tokenizers.processors import TemplateProcessing

from export.errors import Unsupported
from models.preprocessing import TextPreprocessing

Clean = Literal["lower", "whitespace", "canonicalize"]

CLIP_WORDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def library_tokenizer(model_name: str, vocabulary_size: int) -> Any:
    """open_clip's tokenizer of a model.

    A vocabulary smaller than CLIP's means CLIP's BPE, cut to its first `vocabulary_size` - 514 merges; the
    start and the end token follow them.
    """
    tokenizer = open_clip.get_tokenizer(model_name)
    if isinstance(tokenizer, SimpleTokenizer) and vocabulary_size < tokenizer.vocab_size:
        return _truncated(vocabulary_size, tokenizer.context_length)
    return tokenizer


def save_tokenizer(tokenizer: Any, path: Path) -> TextPreprocessing:
    """Write tokenizer.json; it adds the special tokens, cuts and pads to the context length.

    Raises:
        Unsupported: it drops tokens at random or works in a mode that a file cannot express.
    """
    if isinstance(tokenizer, SimpleTokenizer):
        portable = _from_clip_bpe(tokenizer)
    else:
        portable = _from_transformers(tokenizer)
    portable.save(str(path))
    return TextPreprocessing(context_length=tokenizer.context_length, clean=_clean_mode(tokenizer))


def _truncated(vocabulary_size: int, context_length: int | None) -> SimpleTokenizer:
    lines = gzip.decompress(Path(default_bpe()).read_bytes()).decode().split("\n")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "merges.txt.gz"
        path.write_bytes(gzip.compress("\n".join(lines[: 1 + vocabulary_size - 514]).encode()))
        return SimpleTokenizer(str(path), context_length=context_length)


def _from_clip_bpe(tokenizer: SimpleTokenizer) -> Tokenizer:
    if tokenizer.reduction_fn is not None:
        raise Unsupported("its tokenizer drops tokens at random (reduction_mask)")
    start, end = "<start_of_text>", "<end_of_text>"
    merges = list(tokenizer.bpe_ranks)
    portable = Tokenizer(BPE(vocab=tokenizer.encoder, merges=merges, end_of_word_suffix="</w>"))
    words = Split(Regex(CLIP_WORDS), behavior="removed", invert=True)
    portable.pre_tokenizer = Sequence([words, ByteLevel(add_prefix_space=False, use_regex=False)])
    # Special tokens are not looked for in the text: what people type is text.
    portable.post_processor = TemplateProcessing(
        single=f"{start} $A {end}",
        special_tokens=[(start, tokenizer.sot_token_id), (end, tokenizer.eot_token_id)],
    )
    return _fixed_length(portable, tokenizer.context_length, pad_id=0, pad_token="!")


def _from_transformers(tokenizer: Any) -> Tokenizer:
    inner = tokenizer.tokenizer
    if getattr(tokenizer, "strip_sep_token", False) or getattr(tokenizer, "tokenizer_mode", ""):
        raise Unsupported("its tokenizer works in a special mode (strip_sep_token or tokenizer_mode)")
    if not hasattr(inner, "backend_tokenizer"):
        raise Unsupported(f"its tokenizer ({type(inner).__name__}) has no `tokenizers` backend")
    portable = Tokenizer.from_str(inner.backend_tokenizer.to_str())
    return _fixed_length(
        portable, tokenizer.context_length, pad_id=inner.pad_token_id, pad_token=str(inner.pad_token)
    )


def _fixed_length(tokenizer: Tokenizer, length: int, *, pad_id: int, pad_token: str) -> Tokenizer:
    tokenizer.enable_truncation(max_length=length)
    tokenizer.enable_padding(length=length, pad_id=pad_id, pad_token=pad_token)
    return tokenizer


def _clean_mode(tokenizer: Any) -> Clean:
    function = getattr(tokenizer, "clean_fn", None)
    name = "canonicalize" if function is None else function.__name__.removeprefix("_clean_")
    return cast(Clean, name)
