"""What each setting is in Kafka's words and what it changes here: data, beside `options`. Pure.

Kafka's names and defaults are those of Kafka 4; where an older one differs, it is said.
"""

from __future__ import annotations

from dataclasses import dataclass

from bench_gui.bench.options import OPTION_BY_KEY, Option
from bench_gui.bench.settings import BOUNDS, DURABILITIES, RunSettings
from bench_gui.bench.units import CommitInterval


@dataclass(frozen=True, slots=True)
class OptionHelp:
    """One setting explained.

    Fields:
        key: as in `options`.
        title: what it is called for a reader.
        kafka: what it is in Kafka, and where Kafka differs; plain sentences.
        here: what it changes in this program; plain sentences.
    """

    key: str
    title: str
    kafka: str
    here: str


HELP: tuple[OptionHelp, ...] = (
    OptionHelp(
        "lanes",
        "Lanes",
        "Not one setting but several together: acks, retries, enable.idempotence and "
        "transactional.id at the producer, enable.auto.commit and isolation.level at the consumer, "
        "and the order in which user code processes and commits.",
        "One pipeline a lane, each with its own files and processes, on the same events and the "
        "same faults. More lanes share the same machine, so each becomes slower; measure mode runs "
        "them one at a time.",
    ),
    OptionHelp(
        "duration",
        "Duration",
        "No setting of Kafka; a stream has no end there.",
        "How long the sources run. Then the lanes drain, and the final count is made. A run of "
        "less than a second or two sees few kills, and verdicts are NOT TESTED.",
    ),
    OptionHelp(
        "rate",
        "Rate",
        "No setting of the clients; kafka-producer-perf-test has --throughput, where -1 is as fast "
        "as it goes. Its latencies begin when a record is sent; waiting before it is not seen.",
        "Events due per second in each lane. Latency counts from the due time, so that a late "
        "producer's waiting events count too. With max (a closed loop) an event is due when it is "
        "asked for: throughput is then the lane's own, and latency is mostly the time that events "
        "stand in the queue between a fast producer and a slower consumer, not the time of the "
        "work. Compare latencies at a fixed rate below the slowest lane's.",
    ),
    OptionHelp(
        "producers",
        "Producers",
        "Applications with a KafkaProducer each.",
        "Producer processes in each lane, each with an event stream and a source position of its "
        "own; the rate is shared among them.",
    ),
    OptionHelp(
        "consumers",
        "Consumers",
        "Members of one consumer group. Each has a group.instance.id (static membership), so that "
        "a restarted one takes its partitions back without a rebalance.",
        "Consumer processes in each lane. More than there are partitions stand idle.",
    ),
    OptionHelp(
        "partitions",
        "Partitions",
        "The topic's partitions (num.partitions, or kafka-topics --partitions). One partition is "
        "read by one member of a group at a time.",
        "Partitions of each lane's log. A kill hits the partitions of one consumer; with more "
        "partitions it hits a smaller part of the events.",
    ),
    OptionHelp(
        "batch",
        "Batch",
        "batch.size of the producer, which Kafka gives in bytes a partition (16,384).",
        "Records in one record batch at the most, counted in records. An append is one SQLite "
        "transaction a batch, so larger batches are cheaper, and a kill has more in hand.",
    ),
    OptionHelp(
        "linger",
        "Linger",
        "linger.ms: how long the producer waits for more records before it sends a batch that is "
        "not full. 5 ms by default, 0 before Kafka 4.0.",
        "The same. It is added to the latency of nearly every event, and saves an append an event.",
    ),
    OptionHelp(
        "commit-interval",
        "Commit interval",
        "auto.commit.interval.ms (5,000) of a consumer with enable.auto.commit; a bare number is "
        "what user code does that commits after so many records. In the transactional lanes it is "
        "how long a transaction stays open: commit.interval.ms of Kafka Streams (100 under "
        "exactly_once_v2).",
        "How far the committed offset may be behind what is processed, so how much a consumer's "
        "kill loses, repeats or aborts. Transactional lanes show results only at the commit, so it "
        "is their latency, too.",
    ),
    OptionHelp(
        "sink-batch",
        "Sink batch",
        "Nothing of Kafka's own; batch.size of the JDBC sink connector.",
        "Events in one sink transaction at the most. At 1 every event is an SQLite transaction of "
        "its own, as simple user code would do it; more is faster, and a kill before the commit "
        "undoes more.",
    ),
    OptionHelp(
        "work",
        "Work",
        "What user code does between two calls of poll(); longer than max.poll.interval.ms, and "
        "Kafka takes the partitions away. There is no such limit here.",
        "Pretended work an event in the consumer: it sleeps. With enough of it consumers are "
        "slower than producers, and the lag grows.",
    ),
    OptionHelp(
        "payload",
        "Payload",
        "The size of a record's value (at most max.request.size and max.message.bytes).",
        "Bytes that each event carries. More bytes cost time in the log, not in the counters.",
    ),
    OptionHelp(
        "kill-every",
        "Kill every",
        "No setting: what a crash, an out-of-memory kill or kill -9 does to a client.",
        "Mean gap between two SIGKILLs in each lane, at random (exponential) moments that the seed "
        "fixes; every lane has the same schedule.",
    ),
    OptionHelp(
        "kill",
        "Hit",
        "No setting: which clients crash.",
        "The roles that the schedule kills, pauses and takes down. Kills of producers lose or "
        "repeat before the log, kills of consumers after it.",
    ),
    OptionHelp(
        "kill-at",
        "Kill at step",
        "No setting: a failpoint, as tests of databases have them.",
        "A process sends itself SIGKILL exactly between two protocol steps, so that a "
        "demonstration need not wait for luck. With every=N each process dies at its N-th passing.",
    ),
    OptionHelp(
        "pause-every",
        "Pause every",
        "No setting: a long garbage collection, a stopped virtual machine, a laptop that sleeps.",
        "Mean gap between two SIGSTOPs in each lane. A process that wakes after its session "
        "expired is a zombie, and its generation or its epoch must fence it.",
    ),
    OptionHelp(
        "pause",
        "Pause for",
        "How long such a stop lasts. What matters is whether it is longer than session.timeout.ms.",
        "How long a paused process stays stopped. Longer than the session timeout, and another "
        "consumer takes its partitions meanwhile.",
    ),
    OptionHelp(
        "down-every",
        "Down every",
        "No setting: a bad deployment, a network that is cut.",
        "Mean gap between outages in which every process of a role is killed at once.",
    ),
    OptionHelp(
        "down",
        "Down for",
        "No setting: how long the outage lasts.",
        "How long the slots of a role that went down stay empty. Events go on being due meanwhile, "
        "and wait.",
    ),
    OptionHelp(
        "request-loss",
        "Request loss",
        "A produce request that never arrives. With acks=0, or with retries=0, the record is gone; "
        "otherwise it is sent again after request.timeout.ms, until delivery.timeout.ms.",
        "Probability that an append never happens. At-most-once does not notice; the other lanes "
        "try again without end.",
    ),
    OptionHelp(
        "ack-loss",
        "Ack loss",
        "A produce response that never arrives: the record is stored and its producer does not "
        "know. A retry stores it again, unless enable.idempotence is true (the default since 3.0).",
        "Probability that an acknowledgement is lost. Producers that retry without a sequence "
        "number make duplicates in the log; idempotent and transactional ones do not.",
    ),
    OptionHelp(
        "ack-timeout",
        "Ack timeout",
        "request.timeout.ms (30,000), after which a request is taken for lost and is retried.",
        "How long a producer waits for an acknowledgement that does not come. Much shorter than "
        "Kafka's, so that a demonstration need not wait.",
    ),
    OptionHelp(
        "restart-delay",
        "Restart delay",
        "No setting of Kafka: what the supervisor takes, such as RestartSec of systemd.",
        "How long a dead worker's slot stays empty before its next incarnation starts. Longer than "
        "the session timeout, and another consumer takes the partitions.",
    ),
    OptionHelp(
        "session-timeout",
        "Session timeout",
        "session.timeout.ms: 45,000 by default, 10,000 before Kafka 3.0. A member that sends no "
        "heartbeat for so long is out, and its partitions move. With group.protocol=consumer the "
        "broker has it (group.consumer.session.timeout.ms).",
        "The same. A replacement in the same slot takes its partitions at once, whatever it is; "
        "another slot's consumer takes them only after it.",
    ),
    OptionHelp(
        "durability",
        "Durability",
        "Nearest are acks and log.flush.interval.messages, and neither is the same: Kafka seldom "
        "flushes to the disk and trusts in replicas (acks=all, min.insync.replicas). Here is one "
        "copy, and no replica.",
        "SQLite's synchronous setting for the log and the sink. A SIGKILL never loses a committed "
        "transaction, whatever it is; only a power cut tells the three apart. The stricter, the "
        "slower.",
    ),
    OptionHelp(
        "seed",
        "Seed",
        "Nothing of Kafka's.",
        "Fixes the events, their links and the fault schedule, so that a run can be repeated. How "
        "the processes interleave is not fixed by it.",
    ),
    OptionHelp(
        "drain-timeout",
        "Drain timeout",
        "Nearest is the timeout of close() of the clients.",
        "After the sources stop, how long workers may take to finish what they have before the "
        "run is cut off.",
    ),
    OptionHelp(
        "retention",
        "Retention",
        "log.retention.ms or a topic's retention.ms (7 days). Kafka deletes by age, whether a "
        "record was read or not.",
        "How long rows that were counted are kept in the lanes' files. Only what is counted is "
        "ever removed, so no count changes; but the life of an event whose rows are gone cannot be "
        "told any more.",
    ),
)  # fmt: skip

HELP_BY_KEY: dict[str, OptionHelp] = {one.key: one for one in HELP}


def default_text(key: str) -> str:
    """The setting's default, as one writes it."""
    return OPTION_BY_KEY[key].text(RunSettings())


def bounds_text(key: str) -> str:
    """What may be written: "1 to 16"; empty where it is no number and no list of words."""
    option = OPTION_BY_KEY[key]
    if option.field == "durability":
        return ", ".join(DURABILITIES)
    if option.field not in BOUNDS:
        return ""
    if option.field == "commit_interval":
        return _interval_bounds(option)
    least, most = (_as_value(option, bound) for bound in BOUNDS[option.field])
    other = option.metavar.partition("|")[2]
    return f"{least} to {most}" + (f", or {other}" if other else "")


def _interval_bounds(option: Option) -> str:
    """It is a time or a count, each with the same bounds."""
    least, most = BOUNDS[option.field]
    times = [option.format(CommitInterval(ms=float(bound))) for bound in (least, most)]
    counts = [option.format(CommitInterval(records=int(bound))) for bound in (least, most)]
    return f"{times[0]} to {times[1]}, or {counts[0]} to {counts[1]} records"


def _as_value(option: Option, bound: float) -> str:
    """Whole numbers are formatted as such."""
    return option.format(int(bound) if float(bound).is_integer() else bound)
