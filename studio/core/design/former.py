"""Datasets as former versions wrote them, brought to the form of today."""

from collections.abc import Mapping
from typing import Any

PICTURE = "picture"
CLASS = "class"


def with_columns(data: object) -> object:
    """A picture dataset that had classes in place of columns, with the columns it has today.

    Anything else comes back as it is: what is wrong with it is said where it is read.
    """
    summary = data.get("summary") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(summary, dict):
        return data
    if "labels" not in summary and "sample_shape" not in summary:
        return data
    kept = {key: value for key, value in summary.items() if key not in _FORMER}
    found = {**data, "summary": kept}
    if data.get("source") == "image_folder":
        found["source"] = "files"
    if summary.get("kind") != "images":
        return found
    columns = _columns(summary)
    choices = [{key: column[key] for key in ("name", "kind", "role")} for column in columns]
    return {**found, "columns": choices, "summary": {**kept, "columns": columns}}


_FORMER = ("labels", "label_counts", "sample_shape")


def _columns(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    labels = summary.get("labels", [])
    return [
        {
            "name": PICTURE,
            "kind": "image",
            "role": "input",
            "shape": summary.get("sample_shape", []),
            "distinct": summary.get("rows", 0),
        },
        {
            "name": CLASS,
            "kind": "category",
            "role": "target",
            "distinct": len(labels),
            "categories": labels,
            "counts": summary.get("label_counts", []),
        },
    ]
