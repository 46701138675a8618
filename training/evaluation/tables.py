"""Markdown tables of a figures.json, by name."""

from __future__ import annotations

import json
from collections.abc import Callable

from training.evaluation.markdown import Figures, interval, number, table
from training.evaluation.summary import (
    DETECTOR,
    ITEM,
    PHOTO,
    of_detector,
    of_embedder,
    ratio,
    summary,
    worst,
)
from training.evaluation.versions import versions

NOT_MEASURED = "Not measured in this run.\n"


def tables(content: str, former: str | None = None) -> dict[str, str]:
    """All tables of a figures.json, each with the command that measured it.

    `former` is the figures.json of the models that "versions" compares them with.
    """
    figures: Figures = json.loads(content)
    before: Figures | None = None if former is None else json.loads(former)
    makers: dict[str, Callable[[Figures], str]] = {
        "summary": summary,
        "detector": of_detector,
        "embedder": of_embedder,
        "worst-photo": worst(PHOTO),
        "worst-item": worst(ITEM),
        "worst-detector": worst(DETECTOR),
        "models": _models,
        "category": _category,
        "categories-photo": _classes(PHOTO),
        "categories-item": _classes(ITEM),
        "categories-detector": _classes(DETECTOR),
        "neighbours": _neighbours,
        "itself": _itself,
        "texts": _texts,
        "queries": _queries,
        "boxed": _boxed,
        "boxes": _boxes,
        "scenes": _scenes,
        "cutouts": _cutouts,
        "people": _people,
        "worn": _worn,
        "worn-categories": _worn_categories,
        "products": _products,
        "synonyms": _synonyms,
        "synonym-words": _synonym_words,
        "families": _families,
        "families-worn": _family_rows("worn"),
        "families-lying": _family_rows("lying"),
        "words": _words,
        "word-values": _word_values,
        "speed": _speed,
        "versions": lambda now: versions(now, before) if before else "",
    }
    source = _source(figures)
    made = {name: make(figures) for name, make in makers.items()}
    return {name: rows + source if rows else NOT_MEASURED for name, rows in made.items()}


def _source(figures: Figures) -> str:
    photos = f"{figures['photos']} photos of {figures['contributors']} contributors ({figures['data']})"
    caveat = f" {figures['caveat']}." if figures["caveat"] else ""
    return f"\nMade by `{figures['command']}`: {photos}.{caveat}\n"


def _models(figures: Figures) -> str:
    rows = [
        [
            model["name"],
            f"`{model['version']}`",
            model["input"],
            ", ".join(f"{name} {size:.1f}" for name, size in model["graphs_mb"].items()),
            f"{model['size_mb']:.1f}",
            model["license"],
        ]
        for model in figures["models"]
    ]
    return table(["artifact", "version", "input, px", "graphs, MB", "whole, MB", "licence"], rows)


def _category(figures: Figures) -> str:
    rows = [
        [name, interval(measured["top1"]), interval(measured["macro"])]
        for name, measured in figures["category"].items()
    ]
    return table(["answer", "top-1", "mean over ten categories"], rows)


def _classes(way: str) -> Callable[[Figures], str]:
    def make(figures: Figures) -> str:
        rows = [
            [
                row["name"],
                str(row["photos"]),
                number(row["recall"]),
                str(row["answers"]),
                number(row["precision"]),
            ]
            for row in figures["category"][way]["rows"]
        ]
        return table(["category", "photos", "recall", "answers", "precision"], rows)

    return make


def _neighbours(figures: Figures) -> str:
    rows = [[way, interval(estimate)] for way, estimate in figures["same_category"].items()]
    rows.append(["best that these photos allow", f"{figures['same_category_ceiling']:.3f}"])
    return table(["search by", "precision@10"], rows)


def _itself(figures: Figures) -> str:
    ways = list(figures["same_category"])
    rows = [
        [change, *(interval(by_way[way]) for way in ways)] for change, by_way in figures["itself"].items()
    ]
    return table(["change", *ways], rows)


def _texts(figures: Figures) -> str:
    rows = [
        [way, interval(measured["precision"]), f"{measured['ceiling']:.3f}", str(len(measured["rows"]))]
        for way, measured in figures["texts"].items()
    ]
    return table(["search in", "precision@5", "ceiling", "texts"], rows)


def _queries(figures: Figures) -> str:
    if not figures["texts"]:
        return ""
    columns = [measured["rows"] for measured in figures["texts"].values()]
    rows = [
        [row["text"], row["category"], row["color"], str(row["relevant"])]
        + [f"{column[index]['precision']:.1f}" for column in columns]
        for index, row in enumerate(columns[0])
    ]
    return table(["text", "category", "colour", "right photos", *figures["texts"]], rows)


def _worn(figures: Figures) -> str:
    worn = figures.get("worn")
    if not worn:
        return ""
    rows = [
        ["garments found, IoU ≥ 0.5", interval(worn["found"])],
        ["found and named", interval(worn["named"])],
        ["boxes that fit no garment", interval(worn["spurious"])],
        ["photos without a box", interval(worn["empty"])],
    ]
    return table([f"{worn['photos']} photos, {worn['found']['count']} garments", "detector"], rows)


def _families(figures: Figures) -> str:
    rows = [
        [
            name,
            str(each["garments"]),
            *(interval(each[way]) if each[way] else "" for way in ("in_box", "served")),
        ]
        for name, each in figures.get("families", {}).items()
    ]
    return table(["garments", "number", "in true boxes", "of those found, as served"], rows) if rows else ""


def _family_rows(garments: str) -> Callable[[Figures], str]:
    def make(figures: Figures) -> str:
        measured = figures.get("families", {}).get(garments)
        if not measured:
            return ""
        rows = [
            [row["name"], str(row["garments"]), number(row["right"]), _instead(row["instead"])]
            for row in measured["rows"]
        ]
        return table(["family", "garments", "right", "told instead"], rows)

    return make


def _words(figures: Figures) -> str:
    rows = [
        [
            name,
            "yes" if each["asked"] else "no",
            str(each["balanced"]["count"]),
            interval(each["balanced"]),
            number(each["constant"]),
            interval(each["accepted"]),
            number(each["best_constant"]),
        ]
        for name, each in (figures.get("words") or {}).items()
    ]
    columns = ["attribute", "asked", "garments", "balanced accuracy", "of one answer for all"]
    return table([*columns, "accepted by people", "of the best one answer"], rows) if rows else ""


def _word_values(figures: Figures) -> str:
    rows = [
        [name, row["value"], str(row["garments"]), number(row["recall"]), str(row["answers"])]
        for name, each in (figures.get("words") or {}).items()
        for row in each["rows"]
    ]
    return table(["attribute", "value", "garments", "recall", "answers"], rows) if rows else ""


def _instead(counts: Figures) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _worn_categories(figures: Figures) -> str:
    worn = figures.get("worn")
    if not worn:
        return ""
    counts, shares = ("garments", "boxes"), ("found", "named", "misnamed", "spurious")
    rows = []
    for row in worn["rows"]:
        garments, boxes = (str(row[name]) for name in counts)
        found, named, misnamed, spurious = (number(row[name]) for name in shares)
        rows.append([row["name"], garments, found, named, boxes, misnamed, spurious])
    columns = ["category", "garments", "found", "found and named"]
    return table([*columns, "boxes", "on another garment", "on none"], rows)


def _products(figures: Figures) -> str:
    measured = figures.get("products") or {}
    if not measured:
        return ""
    rows = [
        ["top-1", *(interval(each["top1"]) for each in measured.values())],
        ["mean over the categories", *(interval(each["macro"]) for each in measured.values())],
    ]
    columns = [each["rows"] for each in measured.values()]
    for index, row in enumerate(columns[0]):
        rows.append(
            [row["name"], *(f"{number(c[index]['recall'])} of {c[index]['photos']}" for c in columns)]
        )
    return table(["recall", *measured], rows)


def _synonyms(figures: Figures) -> str:
    rows = [
        [way, interval(measured["precision"]), f"{measured['ceiling']:.3f}", str(len(measured["rows"]))]
        for way, measured in (figures.get("synonyms") or {}).items()
    ]
    return table(["search in", "precision@5", "ceiling", "words"], rows)


def _synonym_words(figures: Figures) -> str:
    measured = figures.get("synonyms") or {}
    if not measured:
        return ""
    columns = [each["rows"] for each in measured.values()]
    rows = [
        [row["text"], str(row["relevant"])]
        + [f"{column[index]['precision']:.1f}" for column in columns]
        + [", ".join(columns[-1][index]["hits"])]
        for index, row in enumerate(columns[0])
    ]
    return table(["word", "right pictures", *measured, "labels of the hits as served"], rows)


def _boxed(figures: Figures) -> str:
    rows = [
        ["photos with a box", interval(figures["boxed"])],
        ["boxes a photo", interval(figures["boxes_per_photo"], 2)],
    ]
    return table([f"{figures['photos']} photos", "detector"], rows)


def _boxes(figures: Figures) -> str:
    boxes = figures["boxes"]
    if not boxes:
        return ""
    rows = [
        ["found, IoU ≥ 0.5", interval(boxes["found"]), interval(boxes["frame_found"])],
        ["found and labelled right", interval(boxes["labelled"]), "–"],
        ["mean IoU of the best box", interval(boxes["iou"]), interval(boxes["frame_iou"])],
        ["spurious boxes a photo", interval(boxes["spurious"], 2), "–"],
    ]
    return table([f"{boxes['found']['count']} photos", "detector", "whole frame as the box"], rows)


def _scenes(figures: Figures) -> str:
    scenes = figures["scenes"]
    if not scenes:
        return ""
    rows = [
        [row["name"], str(row["objects"]), *(number(row[n]) for n in ("map50", "map50_95", "served_map50"))]
        for row in scenes["rows"]
    ]
    total = [f"all, {scenes['scenes']} scenes", str(scenes["objects"])]
    rows.append([*total, *(f"**{scenes[name]:.3f}**" for name in ("map50", "map50_95", "served_map50"))])
    return table(["category", "garments", "AP50", "AP50-95", "AP50, as served"], rows)


def _cutouts(figures: Figures) -> str:
    rows = [
        [verdict, interval(estimate, 2), str(estimate["count"])]
        for verdict, estimate in figures["cutouts"].items()
    ]
    return table(["cut-out", "share", "photos looked at"], rows)


def _people(figures: Figures) -> str:
    rows = [[name, ", ".join(found) or "none"] for name, found in figures["people"].items()]
    return table(["photo", "boxes"], rows)


def _speed(figures: Figures) -> str:
    rows = [
        [
            f"{row['name']}, {row['input']}",
            f"{row['median_ms']:.1f}",
            f"{row['beside']}, {row['beside_input']}",
            f"{row['beside_ms']:.1f}",
            ratio(row),
        ]
        for row in figures["speed"]
    ]
    return table(["graph", "ms", "beside", "ms", "ratio (10th to 90th percentile)"], rows)
