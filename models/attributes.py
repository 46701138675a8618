"""Answers small questions about a garment by comparing its embedding with those of words."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from domain.atomic_file import atomic_file
from domain.taxonomy import NON_GARMENTS, Taxonomy
from domain.types import AttributeValue, FloatArray
from models.text_encoder import TextEncoder

LOG = logging.getLogger("armoire.models")

GROUP = 16
"""Phrases embedded at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The possible answers to one question and their label embeddings (V, D), L2-normalised."""

    values: tuple[str, ...]
    embeddings: FloatArray


class AttributeClassifier:
    """Zero-shot classification: softmax over the scaled cosines with each vocabulary.

    Where there is a vocabulary `NON_GARMENTS`, it makes garment scores instead of an attribute.
    """

    def __init__(self, vocabularies: Mapping[str, Vocabulary], logit_scale: float) -> None:
        self._vocabularies = dict(vocabularies)
        self._others = self._vocabularies.pop(NON_GARMENTS, None)
        self._logit_scale = logit_scale

    def describe(self, embeddings: FloatArray) -> list[dict[str, AttributeValue]]:
        """The best answer to every question, for each of (N, D) L2-normalised embeddings."""
        columns = {name: self._answers(embeddings, words) for name, words in self._vocabularies.items()}
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
        shares = self._shares(embeddings, vocabulary.embeddings)
        best = shares.argmax(axis=1)
        return [
            AttributeValue.one(vocabulary.values[index], float(share[index]))
            for index, share in zip(best, shares, strict=True)
        ]


def build_vocabularies(
    taxonomy: Taxonomy, text_encoder: TextEncoder, cache_folder: Path | None = None
) -> dict[str, Vocabulary]:
    """Label embeddings of every attribute and of other things; with a cache, computed once for a model and a
    taxonomy.
    """
    phrases = {attribute.name: _phrases(taxonomy, attribute.name) for attribute in taxonomy.attributes}
    if taxonomy.non_garments:
        phrases[NON_GARMENTS] = _other_phrases(taxonomy)
    if cache_folder is None:
        return _embed_all(phrases, text_encoder)
    path = cache_folder / f"labels-{_cache_key(phrases, text_encoder)}.npz"
    if (cached := _read(path, phrases)) is not None:
        return cached
    vocabularies = _embed_all(phrases, text_encoder)
    try:
        _write(path, vocabularies)
    except OSError as error:
        LOG.warning("label embeddings are worked out at every start, they could not be kept: %s", error)
    return vocabularies


def _phrases(taxonomy: Taxonomy, attribute_name: str) -> dict[str, list[str]]:
    """By value: the phrases whose mean is its label embedding."""
    attribute = taxonomy.attribute(attribute_name)
    synonyms = {category.name: category.synonyms for category in taxonomy.categories}
    words = {value: (value, *synonyms.get(value, ())) for value in attribute.values}
    if attribute_name != "category":
        words = {value: (value,) for value in attribute.values}
    return {
        value: list(dict.fromkeys([*names, *(p.format(name) for name in names for p in attribute.prompts)]))
        for value, names in words.items()
    }


def _other_phrases(taxonomy: Taxonomy) -> dict[str, list[str]]:
    """As `_phrases`, of the words for other things, with the prompts of the categories."""
    prompts = taxonomy.attribute("category").prompts
    return {
        word: list(dict.fromkeys([word, *(prompt.format(word) for prompt in prompts)]))
        for word in taxonomy.non_garments
    }


def _embed_all(phrases: Mapping[str, Mapping[str, list[str]]], encoder: TextEncoder) -> dict[str, Vocabulary]:
    """Every phrase once, those of like length together: a batch costs as much as its longest text."""
    texts = sorted(
        {text for values in phrases.values() for said in values.values() for text in said},
        key=lambda text: (len(text), text),
    )
    groups = [texts[start : start + GROUP] for start in range(0, len(texts), GROUP)]
    embeddings = np.concatenate([encoder.run(encoder.preprocess(group), exclusive=True) for group in groups])
    rows = dict(zip(texts, embeddings, strict=True))
    return {
        name: Vocabulary(
            tuple(values), np.stack([_label([rows[t] for t in said]) for said in values.values()])
        )
        for name, values in phrases.items()
    }


def _label(phrases: Sequence[FloatArray]) -> FloatArray:
    mean = np.mean(phrases, axis=0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def _cache_key(phrases: Mapping[str, Mapping[str, list[str]]], encoder: TextEncoder) -> str:
    version = encoder.version
    digest = hashlib.sha256(json.dumps([version.preprocess_version, phrases]).encode()).hexdigest()[:16]
    return f"{version.model_version}-{digest}"


def _read(path: Path, phrases: Mapping[str, Mapping[str, list[str]]]) -> dict[str, Vocabulary] | None:
    """None where there is no cache, or none that can be read."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return {name: Vocabulary(tuple(values), arrays[name]) for name, values in phrases.items()}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def _write(path: Path, vocabularies: Mapping[str, Vocabulary]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    embeddings = {name: words.embeddings for name, words in vocabularies.items()}
    with atomic_file(path) as file:
        np.savez(file, allow_pickle=False, **embeddings)
