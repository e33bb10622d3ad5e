"""Settings that one often wants, by name: data. Pure.

Unlike a scenario a preset tells no story and expects nothing; it is a start for one's own.
"""

from __future__ import annotations

from dataclasses import dataclass

from bench_gui.bench.options import from_texts
from bench_gui.bench.settings import RunSettings


@dataclass(frozen=True, slots=True)
class Preset:
    """Fields:
    name: for a menu. line: what it is for, in one sentence.
    texts: its settings by option key; the others are at their defaults.
    """

    name: str
    line: str
    texts: tuple[tuple[str, str], ...] = ()

    def settings(self) -> RunSettings:
        """What to run."""
        return from_texts(dict(self.texts))


PRESETS: tuple[Preset, ...] = (
    Preset("Default", "Four lanes at 1,000 events a second, a kill a second in each."),
    Preset(
        "Calm: no faults",
        "Nobody is killed and nothing is lost on the way: what the lanes cost by themselves.",
        (("kill-every", "never"),),
    ),
    Preset(
        "Storm",
        "Kills, pauses, outages and a bad network at once, against everything that a lane claims.",
        (
            ("kill-every", "400ms"),
            ("pause-every", "3s"),
            ("pause", "1500ms"),
            ("session-timeout", "600ms"),
            ("down-every", "8s"),
            ("down", "500ms"),
            ("request-loss", "2%"),
            ("ack-loss", "2%"),
        ),
    ),
    Preset(
        "As fast as it goes (closed loop)",
        "No schedule and no faults: the throughput is the lane's own, and latency is mostly "
        "queueing.",
        (("rate", "max"), ("duration", "15s"), ("kill-every", "never")),
    ),
    Preset(
        "Slow consumers",
        "Each event takes 3 ms of work, more than two consumers have time for: the lag grows, and "
        "the drain is long.",
        (("work", "3ms"), ("duration", "15s"), ("kill-every", "3s")),
    ),
    Preset(
        "Zombies",
        "Consumers are stopped past their session timeout and wake when others have their work.",
        (
            ("kill-every", "never"),
            ("kill", "consumer"),
            ("pause-every", "2s"),
            ("pause", "1500ms"),
            ("session-timeout", "500ms"),
        ),
    ),
    Preset(
        "Lossy network",
        "Nobody dies; one request in twenty and one acknowledgement in twenty are lost.",
        (("kill-every", "never"), ("request-loss", "5%"), ("ack-loss", "5%")),
    ),
    Preset(
        "All seven lanes",
        "Every lane of the table side by side, at a rate that a small machine can follow.",
        (("lanes", "all"), ("rate", "500")),
    ),
)
