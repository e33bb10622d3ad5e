"""The ways on which events are drawn through a lane. Data; knows no Qt."""

from __future__ import annotations

from enum import Enum


class Shape(Enum):
    """What an event is drawn as."""

    DOT = "dot"
    DIAMOND = "hollow diamond"
    CROSS = "cross"


class Route(Enum):
    """From where to where, as what, and how it is told.

    Fields:
        shape: what is drawn. takes_s: for how long it is on its way.
        word: what is said of so many events; empty where every event goes this way.
        rare: whether even a single event of it must be seen.
        before_log: whether it begins at a producer.
    """

    shape: Shape
    takes_s: float
    word: str
    rare: bool
    before_log: bool

    def __init__(self, way: str, shape: Shape, takes_s: float, word: str) -> None:
        self.shape, self.takes_s, self.word = shape, takes_s, word
        self.rare, self.before_log = bool(word), way.startswith("producer")

    APPEND = ("producer to log", Shape.DOT, 0.5, "")
    DELIVER = ("log to consumer to result", Shape.DOT, 0.9, "")
    AGAIN = ("log to consumer to result, again", Shape.DIAMOND, 1.3, "again")
    REFUSED = ("log to consumer, refused by the result", Shape.DIAMOND, 1.5, "suppressed")
    LOST_BEFORE_LOG = ("producer to nowhere", Shape.CROSS, 1.1, "lost")
    LOST_AFTER_LOG = ("log to consumer to nowhere", Shape.CROSS, 1.3, "lost")


COMMON = (Route.APPEND, Route.DELIVER)
