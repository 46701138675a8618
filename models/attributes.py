"""Answers small questions about a garment by comparing its embedding with those of words."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from domain.atomic_file import atomic_file
from domain.taxonomy import NON_GARMENTS, Taxonomy
from domain.types import MAX_ALTERNATIVES, AttributeValue, FloatArray, ModelVersion, ScoredValue
from models.probes import Probe
from models.text_encoder import TextEncoder

LOG = logging.getLogger("armoire.models")

GROUP = 16
"""Phrases embedded at a time."""
_MAX_FILES = 256
"""Files of label embeddings that are kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The possible answers to one question and their label embeddings (V, D), L2-normalised."""

    values: tuple[str, ...]
    embeddings: FloatArray


class AttributeClassifier:
    """Zero-shot classification: softmax over the scaled cosines with each vocabulary.

    Where there is a vocabulary `NON_GARMENTS`, it makes garment scores instead of an attribute. `probes`
    answer their attributes in place of words.
    """

    def __init__(
        self, vocabularies: Mapping[str, Vocabulary], logit_scale: float, probes: Sequence[Probe] = ()
    ) -> None:
        self.probes = probes
        self._vocabularies = dict(vocabularies)
        self._others = self._vocabularies.pop(NON_GARMENTS, None)
        self._logit_scale = logit_scale

    def describe(self, embeddings: FloatArray) -> list[dict[str, AttributeValue]]:
        """The best answer to every question, for each of (N, D) L2-normalised embeddings."""
        columns = {name: self._answers(embeddings, words) for name, words in self._vocabularies.items()}
        columns |= {
            probe.attribute: _answers_of(probe.values, probe.probabilities(embeddings))
            for probe in self.probes
        }
        return [{name: answers[row] for name, answers in columns.items()} for row in range(len(embeddings))]

    def garment_scores(self, embeddings: FloatArray) -> list[float | None]:
        """How much each of (N, D) L2-normalised embeddings is one of a garment, 0 to 1.

        The share of the categories in a softmax over them and the words for other things; None without such
        words.
        """
        if self._others is None:
            return [None] * len(embeddings)
        categories = self._vocabularies["category"].embeddings
        shares = self._shares(embeddings, np.concatenate([categories, self._others.embeddings]))
        return [float(share) for share in shares[:, : len(categories)].sum(axis=1).clip(0.0, 1.0)]

    def _shares(self, embeddings: FloatArray, labels: FloatArray) -> FloatArray:
        """The softmax (N, V) over the scaled cosines with label embeddings (V, D)."""
        logits = self._logit_scale * (embeddings @ labels.T)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: FloatArray = powers / powers.sum(axis=1, keepdims=True)
        return shares

    def _answers(self, embeddings: FloatArray, vocabulary: Vocabulary) -> list[AttributeValue]:
        return _answers_of(vocabulary.values, self._shares(embeddings, vocabulary.embeddings))


@dataclass(frozen=True, slots=True, eq=False)
class LabelTexts:
    """The texts of a taxonomy whose embeddings its vocabularies are made of.

    Attributes:
        phrases: by attribute (or `NON_GARMENTS`) and value: the texts whose mean is the label embedding.
        texts: each of them once, those of like length together: a batch costs as much as its longest text.
    """

    phrases: Mapping[str, Mapping[str, list[str]]]
    texts: Sequence[str]

    @classmethod
    def of(cls, taxonomy: Taxonomy) -> LabelTexts:
        asked = [attribute.name for attribute in taxonomy.asked_attributes]
        phrases = {name: _phrases(taxonomy, name) for name in asked}
        if taxonomy.non_garments:
            phrases[NON_GARMENTS] = _other_phrases(taxonomy)
        texts = {text for values in phrases.values() for said in values.values() for text in said}
        return cls(phrases, sorted(texts, key=lambda text: (len(text), text)))

    @property
    def groups(self) -> Iterator[Sequence[str]]:
        """The texts, as many as are embedded at a time."""
        return (self.texts[start : start + GROUP] for start in range(0, len(self.texts), GROUP))

    def vocabularies(self, embeddings: FloatArray) -> dict[str, Vocabulary]:
        """The vocabularies by attribute, of the (T, D) embeddings of `texts`."""
        rows = dict(zip(self.texts, embeddings, strict=True))
        return {
            name: Vocabulary(
                tuple(values), np.stack([_label([rows[t] for t in said]) for said in values.values()])
            )
            for name, values in self.phrases.items()
        }

    def read(self, folder: Path | None, version: ModelVersion) -> dict[str, Vocabulary] | None:
        """The vocabularies of that text encoder; None where they are not kept, or cannot be read."""
        return None if folder is None else _read(self._path(folder, version), self.phrases)

    def write(
        self, folder: Path | None, version: ModelVersion, vocabularies: Mapping[str, Vocabulary]
    ) -> None:
        """Keep vocabularies; those that were not used for longest go when there are many."""
        if folder is None:
            return
        try:
            _write(self._path(folder, version), vocabularies)
            _remove_oldest(folder)
        except OSError as error:
            LOG.warning("label embeddings are worked out again next time, they could not be kept: %s", error)

    def _path(self, folder: Path, version: ModelVersion) -> Path:
        content = json.dumps([version.preprocess_version, self.phrases])
        digest = hashlib.sha256(content.encode()).hexdigest()[:16]
        return folder / f"labels-{version.model_version}-{digest}.npz"


def build_vocabularies(
    taxonomy: Taxonomy, text_encoder: TextEncoder, cache_folder: Path | None = None
) -> dict[str, Vocabulary]:
    """Label embeddings of every attribute and of other things; with a cache, computed once for a model and a
    taxonomy.
    """
    labels, version = LabelTexts.of(taxonomy), text_encoder.version
    if (cached := labels.read(cache_folder, version)) is not None:
        return cached
    rows = [text_encoder.run(text_encoder.preprocess(group), exclusive=True) for group in labels.groups]
    vocabularies = labels.vocabularies(np.concatenate(rows))
    labels.write(cache_folder, version, vocabularies)
    return vocabularies


def _phrases(taxonomy: Taxonomy, attribute_name: str) -> dict[str, list[str]]:
    """By value: the phrases whose mean is its label embedding."""
    attribute = taxonomy.attribute(attribute_name)
    synonyms = {category.name: category.synonyms for category in taxonomy.categories}
    words = {value: (value, *synonyms.get(value, ())) for value in attribute.values}
    if attribute_name != "category":
        words = {value: (value,) for value in attribute.values}
    return {
        value: list(
            dict.fromkeys([*names, *(p.replace("{}", name) for name in names for p in attribute.prompts)])
        )
        for value, names in words.items()
    }


def _other_phrases(taxonomy: Taxonomy) -> dict[str, list[str]]:
    """As `_phrases`, of the words for other things, with the prompts of the categories."""
    prompts = taxonomy.attribute("category").prompts
    return {
        word: list(dict.fromkeys([word, *(prompt.replace("{}", word) for prompt in prompts)]))
        for word in taxonomy.non_garments
    }


def _answers_of(values: Sequence[str], shares: FloatArray) -> list[AttributeValue]:
    """The answer of each row of the shares (N, V) of the values."""
    best = np.argsort(-shares, axis=1, kind="stable")[:, :MAX_ALTERNATIVES]
    return [
        _answer([ScoredValue(values[index], score) for index, score in zip(*row, strict=True)])
        for row in zip(best.tolist(), np.take_along_axis(shares, best, axis=1).tolist(), strict=True)
    ]


def _answer(alternatives: Sequence[ScoredValue]) -> AttributeValue:
    """The answer of a model that takes these for possible, the surest first."""
    best = alternatives[0]
    return AttributeValue.one(best.value, best.score, tuple(alternatives))


def _label(phrases: Sequence[FloatArray]) -> FloatArray:
    mean = np.mean(phrases, axis=0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def _read(path: Path, phrases: Mapping[str, Mapping[str, list[str]]]) -> dict[str, Vocabulary] | None:
    """None where there is no cache, or none that can be read."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            with suppress(OSError):  # the folder may be read-only
                os.utime(path)
            return {name: Vocabulary(tuple(values), arrays[name]) for name, values in phrases.items()}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def _write(path: Path, vocabularies: Mapping[str, Vocabulary]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    embeddings = {name: words.embeddings for name, words in vocabularies.items()}
    with atomic_file(path) as file:
        np.savez(file, allow_pickle=False, **embeddings)


def _remove_oldest(folder: Path) -> None:
    files = sorted(folder.glob("labels-*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[_MAX_FILES:]:
        path.unlink(missing_ok=True)
