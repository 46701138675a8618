"""Turns texts into points of the embedding space."""

from __future__ import annotations

import html
import re
import string
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from domain.errors import ArtifactError
from domain.types import FloatArray
from models.artifact import Artifact
from models.golden import check_embeddings
from models.manifest import Manifest
from models.model import Model, RowFormat
from models.preprocessing import TextPreprocessing
from models.session import Session

SOUND = r"[ -%'-~\n]*"
"""Printable ASCII without the ampersand: nothing to repair or to unescape."""


class TextEncoder(Model):
    """The text tower of a two-tower model."""

    graph = "text"

    def __init__(self, artifact: Artifact, session: Session) -> None:
        super().__init__(artifact, session)
        self._tokenizer = Tokenizer.from_file(str(artifact.tokenizer))

    @classmethod
    def row_shape(cls, artifact: Artifact) -> tuple[int, ...]:
        """Of one text's token ids: (context_length,)."""
        return (_settings(artifact.manifest).context_length,)

    @property
    def row_format(self) -> RowFormat:
        """Token ids, each of one of the tokenizer's tokens."""
        largest = self._tokenizer.get_vocab_size() - 1
        return RowFormat(self.row_shape(self._artifact), np.dtype(np.int64), largest)

    @property
    def embedding_width(self) -> int:
        return self.manifest.embedding_width

    @property
    def context_length(self) -> int:
        return self._settings.context_length

    @property
    def logit_scale(self) -> float:
        """What cosines are multiplied by before a softmax."""
        return self.manifest.logit_scale

    def preprocess(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        """Token ids (N, context_length); over-long texts are cut, their end token kept."""
        cleaned = [clean(text, self._settings.clean) for text in texts]
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(cleaned)]
        return np.array(ids, dtype=np.int64).reshape(len(texts), self.context_length)

    def run(self, batch: npt.NDArray[np.int64], *, exclusive: bool = False) -> FloatArray:
        """Embeddings (N, D) float32, L2-normalised, of token ids (N, context_length).

        On a CPU a text costs as much as it is long, where the graph takes short ones; a GPU is warmed for
        one length.
        """
        if self.manifest.short_texts and self.provider == "cpu" and len(batch):
            batch = batch[:, : int(batch.argmax(axis=1).max()) + 1]
        return super().run(batch, exclusive=exclusive)

    def check(self, rows: int | None = None) -> float:
        """Run the golden texts, or the first `rows`, each as short as it is: lowest cosine.

        Raises ArtifactError if it is too low or token ids differ.
        """
        golden = self._artifact.golden(self.graph).first(rows)
        if not np.array_equal(self.preprocess(self._artifact.golden_texts()[:rows]), golden.inputs):
            raise ArtifactError(f"model {self.manifest.name!r}: golden texts give other token ids here")
        embeddings = np.concatenate([self.run(row[None]) for row in golden.inputs])
        return check_embeddings(embeddings, golden, self.provider)

    @property
    def _settings(self) -> TextPreprocessing:
        return _settings(self.manifest)


def _settings(manifest: Manifest) -> TextPreprocessing:
    if manifest.text is None:
        raise ArtifactError(f"model {manifest.name!r} has no text tower")
    return manifest.text


def clean(text: str, mode: str) -> str:
    """Text as the tokenizer wants it: repaired, unescaped, spaces collapsed; then by `mode`.

    "whitespace" stops there, "lower" lowers, "canonicalize" also drops ASCII punctuation.
    Source: the cleaning that open_clip's tokenizers do.
    """
    if not re.fullmatch(SOUND, text):
        text = html.unescape(html.unescape(_repaired(text)))
    if mode == "canonicalize":
        text = text.replace("_", " ").translate(str.maketrans("", "", string.punctuation))
    text = " ".join(text.split())
    return text if mode == "whitespace" else text.lower()


def _repaired(text: str) -> str:
    import ftfy  # a start that meets only sound text does without its tables

    return str(ftfy.fix_text(text))
