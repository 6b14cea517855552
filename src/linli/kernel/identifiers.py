"""Identifiers as types, so that a beat's id is never passed where a place's code is meant."""

from typing import NewType

__all__ = ["BeatId", "ClauseId", "PackId", "PlaceCode", "PostId", "StationId", "ValueId"]

PlaceCode = NewType("PlaceCode", str)
"""A place's code: the 12-digit statistical code where there is one, else the source's own."""

StationId = NewType("StationId", str)
"""A police station (派出所) whose area no beat crosses."""

BeatId = NewType("BeatId", str)
"""A beat (警务区): one or more whole places inside one station's area."""

PostId = NewType("PostId", str)
"""A police room (警务室) or work station (警务工作站)."""

PackId = NewType("PackId", str)
"""A policy pack's folder name, such as ``lanling-2017``."""

ClauseId = NewType("ClauseId", str)
"""A clause of a source plan, such as ``L3``."""

ValueId = NewType("ValueId", str)
"""A dated value inside a pack, such as ``grid_workers_per_thousand``."""
