"""One frame of a recording, as bytes. Pure; knows no tables.

Every KEY_EVERY frames one is written whole, a key frame; the others are what changed since the
frame before, packed with the key frame as the dictionary. So any frame can be read from its key
frame on.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, replace
from typing import Any

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.recording.codec import codec_of
from bench_gui.bench.snapshot import FaultReport, RunSnapshot

KEY_EVERY = 50
LEVEL = 6
DICTIONARY_BYTES = 32_768

RUN = codec_of(RunSnapshot)
FAULT = codec_of(FaultReport)

DAMAGED = (zlib.error, ValueError, TypeError, KeyError, IndexError, AttributeError)
"""What reading bytes raises that are not what was written."""


@dataclass(frozen=True, slots=True)
class KeyFrame:
    """A frame that is written whole.

    Fields:
        sequence: its number in the recording.
        snapshot: without samples and faults, which are kept apart.
        text: its JSON.
    """

    sequence: int
    snapshot: RunSnapshot
    text: bytes


def bare(snapshot: RunSnapshot) -> RunSnapshot:
    """Without what is new since the snapshot before."""
    return replace(snapshot, samples=(), faults=())


def key_frame(sequence: int, snapshot: RunSnapshot) -> KeyFrame:
    """A frame written whole."""
    return KeyFrame(sequence, snapshot, _json(RUN.encode(snapshot)))


def pack_key(key: KeyFrame) -> bytes:
    """Its body."""
    return zlib.compress(key.text, LEVEL)


def unpack_key(sequence: int, body: bytes) -> KeyFrame:
    """The inverse. Raises Damaged for bytes that are damaged."""
    try:
        text = zlib.decompress(body)
        return KeyFrame(sequence, RUN.decode(json.loads(text)), text)
    except DAMAGED as error:
        raise Damaged(sequence) from error


def pack_change(key: KeyFrame, before: RunSnapshot, snapshot: RunSnapshot) -> bytes:
    """The body of a frame after `key`, by what changed since the frame `before`."""
    packer = zlib.compressobj(LEVEL, zdict=key.text[-DICTIONARY_BYTES:])
    change = _json(RUN.change(before, snapshot))
    return packer.compress(change) + packer.flush()


def unpack_change(key: KeyFrame, before: RunSnapshot, sequence: int, body: bytes) -> RunSnapshot:
    """The inverse. Raises Damaged for bytes that are damaged."""
    try:
        unpacker = zlib.decompressobj(zdict=key.text[-DICTIONARY_BYTES:])
        change = json.loads(unpacker.decompress(body) + unpacker.flush())
        shown: RunSnapshot = RUN.apply(before, change)
    except DAMAGED as error:
        raise Damaged(sequence) from error
    return shown


def pack_faults(known: dict[int, FaultReport], faults: list[FaultReport]) -> bytes:
    """New and changed reports; those that are `known` are written as what changed."""
    parts = [
        {"fault_id": fault.fault_id, "change": FAULT.change(known[fault.fault_id], fault)}
        if fault.fault_id in known
        else {"fault": FAULT.encode(fault)}
        for fault in faults
    ]
    return zlib.compress(_json(parts), LEVEL)


def unpack_faults(known: dict[int, FaultReport], sequence: int, body: bytes) -> list[FaultReport]:
    """The inverse, with the newest reports before; they become known.

    Raises Damaged for bytes that are damaged.
    """
    try:
        faults = [_fault(known, part) for part in json.loads(zlib.decompress(body))]
    except DAMAGED as error:
        raise Damaged(sequence) from error
    known.update((fault.fault_id, fault) for fault in faults)
    return faults


def _fault(known: dict[int, FaultReport], part: dict[str, Any]) -> FaultReport:
    if "fault" in part:
        whole: FaultReport = FAULT.decode(part["fault"])
        return whole
    changed: FaultReport = FAULT.apply(known[part["fault_id"]], part["change"])
    return changed


class Damaged(EnvironmentProblem):
    """The recording cannot be read at a frame."""

    def __init__(self, sequence: int) -> None:
        super().__init__(f"the recording is damaged at frame {sequence}; choose another run")


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), default=_number).encode("ascii")


def _number(value: Any) -> Any:
    """A number of an array is as good as one of Python's."""
    return value.item()
