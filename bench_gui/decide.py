"""Which delivery semantic to take: three questions and what follows from the answers. Pure.

Can you tolerate loss? Can your consumers be idempotent? Are all writes log-to-log? Eight
combinations of answers, one lane each, and the lanes that one would rather take if something
smaller were different. Knows no run.
"""

from __future__ import annotations

from dataclasses import dataclass

REFERENCE = "at-most-once"
"""The cheapest lane: the others' cost is told relative to it."""


@dataclass(frozen=True, slots=True)
class Question:
    """One of the three.

    Fields:
        key: its name in arguments and settings. text: as it is asked. help: what it means, in one
            or two sentences. yes, no: what either answer says, in a few words.
    """

    key: str
    text: str
    help: str
    yes: str
    no: str


QUESTIONS: tuple[Question, ...] = (
    Question(
        "loss",
        "Can you tolerate loss?",
        "Whether a few missing events change no decision: metrics and samples, rather than "
        "payments and orders.",
        "a few may be missing",
        "every event counts",
    ),
    Question(
        "idempotent",
        "Can your consumers be idempotent?",
        "Whether the same event taken twice can be made to count once: by its id, which is kept "
        "beside the result, or because the operation says it (set, rather than add).",
        "twice is as once",
        "twice is twice",
    ),
    Question(
        "log-to-log",
        "Are all writes log-to-log?",
        "Whether everything that the consumer writes goes to topics of the same log. A database, a "
        "mail or a call to another service is outside of it.",
        "topics only",
        "a database, too",
    ),
)


@dataclass(frozen=True, slots=True)
class Answers:
    """Yes (True) or no to each question, in their order."""

    loss: bool
    idempotent: bool
    log_to_log: bool


@dataclass(frozen=True, slots=True)
class Alternative:
    """A lane that one would rather take under a condition.

    Fields:
        lane: its slug. when: the condition, as the end of a sentence that begins with "when".
    """

    lane: str
    when: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What follows from the answers.

    Fields:
        lane: the slug of the lane that is named.
        why: two plain sentences.
        others: runners-up, the nearest first; never the lane itself.
    """

    lane: str
    why: str
    others: tuple[Alternative, ...]

    @property
    def candidates(self) -> tuple[str, ...]:
        """The slugs of the lane named and of the others."""
        return (self.lane, *(one.lane for one in self.others))


CHEAP = "Commit first, then process: nothing is done twice and nothing is waited for."
BY_ID = Alternative("idempotent-consumer", "losing nothing is worth a unique id in the database")
BY_NATURE = Alternative(
    "at-least-once", "the operation is idempotent by itself, so that no id need be kept"
)
TWICE = Alternative("at-least-once", "counting twice is the lesser evil after all")
BY_LOG = Alternative("exactly-once", "the log is to see to it, and its transactions may take time")
BY_OFFSETS = Alternative(
    "transactional-sink", "ids cannot be kept for ever, but offsets can stand beside the result"
)

ADVICE: dict[Answers, Advice] = {
    Answers(loss=True, idempotent=True, log_to_log=True): Advice(
        "at-most-once",
        f"You can bear that a crash loses what was in hand, so take the cheapest. {CHEAP}",
        (BY_NATURE, BY_LOG),
    ),
    Answers(loss=True, idempotent=True, log_to_log=False): Advice(
        "at-most-once",
        f"You can bear that a crash loses what was in hand, so take the cheapest. {CHEAP}",
        (BY_ID, BY_NATURE),
    ),
    Answers(loss=True, idempotent=False, log_to_log=True): Advice(
        "at-most-once",
        "You can bear loss and cannot undo a second time, and this lane loses but never repeats. "
        + CHEAP,
        (
            Alternative("exactly-once", "losing nothing is worth the time that transactions take"),
            TWICE,
        ),
    ),
    Answers(loss=True, idempotent=False, log_to_log=False): Advice(
        "at-most-once",
        "You can bear loss and cannot undo a second time, and this lane loses but never repeats. "
        + CHEAP,
        (
            Alternative(
                "transactional-sink", "losing nothing is worth a table of offsets in the database"
            ),
            TWICE,
        ),
    ),
    Answers(loss=False, idempotent=True, log_to_log=True): Advice(
        "idempotent-consumer",
        "Delivery at least once loses nothing, and what comes twice is recognised by its id. "
        "That needs no transaction in the log, so it is faster than exactly-once and means as much "
        "to whoever reads the result.",
        (BY_LOG, BY_NATURE),
    ),
    Answers(loss=False, idempotent=True, log_to_log=False): Advice(
        "idempotent-consumer",
        "Delivery at least once loses nothing, and what comes twice is recognised by its id. "
        "The id stands in the same database as the result, so it also holds where the log's "
        "transactions end.",
        (BY_OFFSETS, BY_NATURE),
    ),
    Answers(loss=False, idempotent=False, log_to_log=True): Advice(
        "exactly-once",
        "Everything that is written is in the log, so output and offsets fit into one log "
        "transaction. A crash aborts both, and no reader with read_committed sees anything of it.",
        (
            TWICE,
            Alternative("idempotent-consumer", "an id can be kept beside the result after all"),
        ),
    ),
    Answers(loss=False, idempotent=False, log_to_log=False): Advice(
        "transactional-sink",
        "The log's transaction ends at the log, so the offsets move to the result: one database "
        "transaction for both. After a crash the consumer goes on from the offset that the "
        "database has.",
        (
            Alternative(
                "two-phase-commit",
                "the offsets must stay in the log, and standing still in doubt can be borne",
            ),
            Alternative(
                "cross-system", "you can bear duplicates: it is exactly-once in the log alone"
            ),
        ),
    ),
}


def decide(answers: Answers) -> Advice:
    """The lane that the answers name, why, and what else there is."""
    return ADVICE[answers]
