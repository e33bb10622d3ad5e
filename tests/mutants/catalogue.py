"""The bugs, one a row: what somebody could really write, named for what it breaks.

A row's checks are those that are there to catch it, the nearest first. `test_catalogue.py` holds
every row against today's source, so that a bug that can no longer be planted is noticed.
"""

from __future__ import annotations

from tests.mutants.planting import Mutant

STATEFUL = "tests/stateful"
WORKERS = "tests/workers"
AUDITED = " ".join(
    f"tests/bench/test_{name}.py"
    for name in ("auditor", "audit_attribution", "audit_agreement", "audit_in_flight",
                 "audit_sinks", "committed_reader", "verdict", "audit_histories")
)  # fmt: skip
RETAINED = ("tests/bench/test_retention.py",)

PROTOCOL = (
    Mutant(
        "at-least-once commits offsets before it processes",
        "workers/policies.py",
        """    "process-first",
    "process, then commit offsets",
    (Action.FETCH, Action.PROCESS, Action.COMMIT_OFFSETS),""",
        """    "process-first",
    "process, then commit offsets",
    (Action.FETCH, Action.COMMIT_OFFSETS, Action.PROCESS),""",
        ("tests/workers/test_lanes.py",),
    ),
    Mutant(
        "the retrying producer advances its position before it appends",
        "workers/policies.py",
        """    "append, retry until acknowledged, then advance position",
    (Action.TAKE, Action.LINGER, Action.APPEND, Action.ADVANCE_POSITION),""",
        """    "append, retry until acknowledged, then advance position",
    (Action.TAKE, Action.ADVANCE_POSITION, Action.LINGER, Action.APPEND),""",
        ("tests/crashpoints",),
    ),
    Mutant(
        "the committed offset is one too far",
        "workers/pieces.py",
        "return Offset(self.first_offset + len(self.links))",
        "return Offset(self.first_offset + len(self.links) + 1)",
        ("tests/workers/test_pieces.py",),
    ),
    Mutant(
        "the committed offset is the last processed one, not the next",
        "workers/progress.py",
        "self.processed[piece.partition] = piece.next_offset",
        "self.processed[piece.partition] = Offset(piece.next_offset - 1)",
        ("tests/workers/test_pieces.py",),
    ),
    Mutant(
        "the effects ledger's row is written after the sink transaction",
        "workers/sink.py",
        """            self._store(reached)
            applied()
            self._write_ledger(counted)
""",
        """            self._store(reached)
            applied()
        with self._database.transaction():
            self._write_ledger(counted)
""",
        ("tests/crashpoints", "tests/workers/test_sink.py"),
    ),
    Mutant(
        "the deduplicating sink counts what it knows",
        "workers/sink.py",
        "count_clicks(self._database, list(compress(piece.links, fates)))",
        "count_clicks(self._database, piece.links)",
        ("tests/workers/test_sink.py",),
    ),
    Mutant(
        "stored offsets are set without comparing",
        "workers/sink.py",
        "DO UPDATE SET next_offset = excluded.next_offset WHERE stored_offsets.next_offset = ?3",
        "DO UPDATE SET next_offset = excluded.next_offset WHERE ?3 = ?3",
        ("tests/workers/test_sink.py",),
    ),
    Mutant(
        "stored offsets are committed apart from the counters",
        "workers/sink.py",
        """            self._store(reached)
            applied()
            self._write_ledger(counted)
""",
        """            applied()
            self._write_ledger(counted)
        with self._database.transaction():
            self._store(reached)
""",
        ("tests/crashpoints",),
    ),
    Mutant(
        "an offset mismatch in the sink goes unnoticed",
        "workers/sink.py",
        "            if stored.rowcount == 0:\n",
        "            if stored.rowcount < 0:\n",
        ("tests/workers/test_sink.py",),
    ),
    Mutant(
        "the transactional producer leaves its position out of the transaction",
        "workers/producer.py",
        "offsets = {self._source_place: Offset(taken.next)}",
        "offsets = {self._source_place: Offset(taken.first)}",
        ("tests/crashpoints",),
    ),
    Mutant(
        "a retried batch is stamped anew",
        "workers/producer.py",
        """            self._clock.sleep_ns(self._config.lane.ack_timeout_ns)
            attempt += 1
""",
        """            self._clock.sleep_ns(self._config.lane.ack_timeout_ns)
            stamp = self._stamp(place.partition, taken)
            attempt += 1
""",
        ("tests/workers/test_network.py",),
    ),
    Mutant(
        "fire-and-forget tries again",
        "workers/producer.py",
        "if loss is None or not self._policy.retries:",
        "if loss is None:",
        ("tests/workers/test_network.py",),
    ),
    Mutant(
        "a lost acknowledgement is taken for one that came",
        "workers/producer.py",
        "if loss is None or not self._policy.retries:",
        "if loss is not Loss.REQUEST or not self._policy.retries:",
        ("tests/workers/test_network.py",),
    ),
    Mutant(
        "a consumer that was fenced goes on from where it was",
        "workers/consumer.py",
        """        self._member.join()
        self._stale = False
        self._must_start_over = True
""",
        """        self._member.join()
        self._stale = False
""",
        ("tests/crashpoints",),
    ),
    Mutant(
        "a fenced consumer commits what it did before it starts over",
        "workers/consumer.py",
        """        self._member.join()
        self._stale = False
""",
        """        self._member.join()
        if not self._transactional:
            self._commit_reached(self._progress.processed)
        self._stale = False
""",
        ("tests/crashpoints",),
    ),
    Mutant(
        "at-most-once forgets what it committed ahead when it is fenced",
        "workers/consumer.py",
        """        if self._commits_first:
            self._settle()
        self._member.join()
""",
        """        self._member.join()
""",
        ("tests/crashpoints",),
    ),
    Mutant(
        "partitions are given back without committing",
        "workers/consumer.py",
        """        self._stale = True  # until settled: what is raised meanwhile is tried again
        self._settle()
""",
        """        self._stale = True  # until settled: what is raised meanwhile is tried again
""",
        ("tests/crashpoints", WORKERS),
    ),
)

TWO_PHASE = (
    Mutant(
        "the sink commits before the decision",
        "workers/policies.py",
        """        Action.DECIDE,
        Action.COMMIT_SINK,
        Action.COMMIT_TRANSACTION,
""",
        """        Action.COMMIT_TRANSACTION,
        Action.DECIDE,
        Action.COMMIT_SINK,
""",
        ("tests/crashpoints",),
    ),
    Mutant(
        "no decision is taken for a commit",
        "workers/two_phase.py",
        "        if self._decisions.is_decided(transaction_id):\n",
        "        if True:\n",
        ("tests/workers/test_two_phase.py",),
    ),
    Mutant(
        "the decision is not looked up",
        "workers/two_phase.py",
        "        if self._decisions.is_decided(transaction_id):\n",
        "        if False:\n",
        ("tests/workers/test_two_phase.py",),
    ),
    Mutant(
        "the decision is not written down",
        "workers/two_phase.py",
        "        self._decisions.decide(self._transaction_id)\n",
        "",
        ("tests/workers/test_two_phase.py",),
    ),
    Mutant(
        "what is in doubt is left so",
        "workers/outcome.py",
        "        if self._two_phase is None:\n            return 0\n",
        "        if True:\n            return 0\n",
        ("tests/crashpoints",),
    ),
    Mutant(
        "a restart aborts a prepared transaction",
        "workers/outcome.py",
        "keep_prepared=lane.consumer.two_phase,",
        "keep_prepared=False,",
        ("tests/crashpoints",),
    ),
    Mutant(
        "an event that is still missing is not looked at again",
        "bench_gui/bench/audit/loss_audit.py",
        """            missing = events["effects"][at] == 0
""",
        """            missing = events["effects"][at] < 0
""",
        ("tests/bench/test_audit_histories.py",),
    ),
    Mutant(
        "counters of a prepared transaction are not locked",
        "workers/two_phase.py",
        "        if locked != len(links):\n",
        "        if locked < 0:\n",
        ("tests/workers/test_two_phase.py",),
    ),
    Mutant(
        "a prepared transaction is counted twice",
        "workers/two_phase.py",
        """            write_ledger(self._database, self._incarnation, now_ns, entries)
            self._forget(transaction_id)
""",
        """            write_ledger(self._database, self._incarnation, now_ns, entries)
""",
        ("tests/workers/test_two_phase.py",),
    ),
    Mutant(
        "offsets in doubt are committed by others",
        "workers/log/engine.py",
        "        if in_doubt is not None:\n",
        "        if False:\n",
        ("tests/contract",),
    ),
)

LOG = (
    Mutant(
        "the epoch is not checked",
        "workers/log/producers.py",
        "    if claimed != current:\n",
        "    if False:\n",
        ("tests/contract",),
    ),
    Mutant(
        "the generation is not checked",
        "workers/log/groups.py",
        "    if membership.generation != group.generation:\n",
        "    if False:\n",
        ("tests/contract",),
    ),
    Mutant(
        "a replaced member may still commit",
        "workers/log/groups.py",
        "    if member.member_id != membership.member_id:\n",
        "    if False:\n",
        ("tests/contract",),
    ),
    Mutant(
        "an expired member may still commit",
        "workers/log/groups.py",
        "    if not member.present:\n",
        "    if False:\n",
        ("tests/contract",),
    ),
    Mutant(
        "the sequence is not stored",
        "workers/log/engine.py",
        "        self._store.put_sequences(identity.producer_id, partition_id, after)\n",
        "",
        ("tests/contract",),
    ),
    Mutant(
        "a duplicate is known by its first number alone",
        "workers/log/producers.py",
        "        if (batch.first, batch.next) == wanted:\n",
        "        if batch.first == wanted[0]:\n",
        (STATEFUL, "tests/contract"),
    ),
    Mutant(
        "a gap in the sequence is accepted",
        "workers/log/producers.py",
        "    if stamp.base_sequence != before.next_sequence:\n",
        "    if stamp.base_sequence < before.next_sequence:\n",
        ("tests/contract",),
    ),
    Mutant(
        "aborted records are readable",
        "workers/log/visibility.py",
        "return decision is Decision.COMMITTED",
        "return decision is not Decision.ONGOING",
        ("tests/contract",),
    ),
    Mutant(
        "the last stable offset is the high watermark",
        "workers/log/visibility.py",
        "return min(high_watermark, first_open_offset)",
        "return high_watermark",
        ("tests/contract",),
    ),
    Mutant(
        "a successor leaves the open transaction open",
        "workers/log/engine.py",
        """                else:
                    self._abort_written(identity)
""",
        """                else:
                    pass
""",
        ("tests/contract",),
    ),
    Mutant(
        "an abort commits the offsets",
        "workers/log/engine.py",
        """        if written is not None:
            self._store.decide(written.transaction_id, Decision.ABORTED, self._clock_ns())
""",
        """        if written is not None:
            for group, place, offset in self._store.pending_offsets(written.transaction_id):
                self._store.put_committed(group, place, offset, written.incarnation, 1)
            self._store.decide(written.transaction_id, Decision.ABORTED, self._clock_ns())
""",
        ("tests/contract",),
    ),
    Mutant(
        "the group is not asked when the transaction commits",
        "workers/log/engine.py",
        """            if not written.prepared:
                self._check_commit(group, local.memberships.get(group), {place: offset})
            self._store.put_committed""",
        """            self._store.put_committed""",
        ("tests/contract",),
    ),
    Mutant(
        "an expiry is not written down",
        "workers/log/engine.py",
        "                self._store.add_expiration(group, slot, silent, by, now_ns)\n",
        "                pass\n",
        ("tests/crashpoints", STATEFUL),
    ),
    Mutant(
        "a fetch skips a record after a partial batch",
        "workers/log/engine.py",
        "            end = fetched[-1].next_offset\n",
        "            end = Offset(fetched[-1].next_offset + (room == 0))\n",
        ("tests/contract",),
    ),
)

AUDIT = (
    Mutant(
        "what was packed comes back a place late",
        "bench_gui/bench/audit/packing.py",
        "        differences[0] = first\n",
        "        differences[0] = first - step\n",
        ("tests/bench/test_growing_table.py",),
    ),
    Mutant(
        "what was packed is forgotten",
        "bench_gui/bench/audit/growing_table.py",
        "            if packed is not None:\n",
        "            if packed is not None and line < 0:\n",
        (AUDITED,),
    ),
    Mutant(
        "a ledger that was not read to its end is done with",
        "bench_gui/bench/audit/ledger_reader.py",
        "more = len(effects) == limit",
        "more = False",
        ("tests/bench/test_ledger_reader.py",),
    ),
    Mutant(
        "what was written while the log was read is left for the next round",
        "bench_gui/bench/audit/auditor.py",
        "found.more or kept is not None",
        "found.more",
        ("tests/bench/test_ledger_reader.py",),
    ),
    Mutant(
        "a redelivery is laid to the process that made it",
        "bench_gui/bench/audit/effect_audit.py",
        'acts = acts_of(by, each["incarnation"], each["effect_ns"])',
        'acts = acts_of(each["incarnation"], each["incarnation"], each["effect_ns"])',
        (AUDITED,),
    ),
    Mutant(
        "a duplicate in the log is laid to the process that appended it again",
        "bench_gui/bench/audit/append_audit.py",
        'acts = acts_of(cause, each["incarnation"], each["appended_ns"])',
        'acts = acts_of(each["incarnation"], each["incarnation"], each["appended_ns"])',
        (AUDITED,),
    ),
    Mutant(
        "an expiry after the act is to blame",
        "bench_gui/bench/audit/known_faults.py",
        "late = times > at_ns",
        "late = times < 0",
        (AUDITED,),
    ),
    Mutant(
        "the end of the process itself is to blame for what it did twice",
        "bench_gui/bench/audit/blame.py",
        """    ends["fault"][cause == actor] = NO_FAULT
    return _better(found, ends)
""",
        """    return _better(found, ends)
""",
        (AUDITED,),
    ),
    Mutant(
        "lost requests explain nothing",
        "bench_gui/bench/audit/blame.py",
        "Rule.POSITION: _by_end if retries else _by_lost_request,",
        "Rule.POSITION: _by_end,",
        (AUDITED,),
    ),
    Mutant(
        "an event is lost although a record of it may yet become readable",
        "bench_gui/bench/audit/loss_audit.py",
        """            & (events["waiting"][at] == 0)
""",
        "",
        (AUDITED,),
    ),
    Mutant(
        "an event is lost as soon as its position has passed it",
        "bench_gui/bench/audit/passing.py",
        "causes = np.where(ended(incarnations), incarnations, UNKNOWN)",
        "causes = incarnations",
        (AUDITED,),
    ),
    Mutant(
        "what was refused counts as an effect",
        "bench_gui/bench/audit/effect_audit.py",
        """        applied = each["applied"] == 1
        extra = np.zeros(len(each), dtype=np.bool_)
""",
        """        applied = each["applied"] >= 0
        extra = np.zeros(len(each), dtype=np.bool_)
""",
        (AUDITED,),
    ),
    Mutant(
        "a repetition within one round is not seen",
        "bench_gui/bench/audit/deliveries.py",
        "again = (previous >= 0) | (deliveries[at] > 0)",
        "again = deliveries[at] > 0",
        (AUDITED,),
    ),
    Mutant(
        "an effect of an aborted record passes for a delivery",
        "bench_gui/bench/audit/effect_audit.py",
        "aborted = ~phantom & ~held & (standing == Standing.ABORTED)",
        "aborted = np.zeros(len(each), dtype=np.bool_)",
        (AUDITED,),
    ),
    Mutant(
        "an effect of an event that never was passes for a delivery",
        "bench_gui/bench/audit/effect_audit.py",
        "            return ~self._tables.existing(slots, sequences)\n",
        "            return np.zeros(len(each), dtype=np.bool_)\n",
        (AUDITED,),
    ),
    Mutant(
        "committed records above the last stable offset are readable to the auditor",
        "bench_gui/bench/audit/log_reader.py",
        "readable = (states == COMMITTED) & below",
        "readable = states == COMMITTED",
        (AUDITED,),
    ),
    Mutant(
        "the concurrent reader's dirty reads are not judged",
        "bench_gui/bench/audit/verdict.py",
        "counts.aborted_reads + counts.dirty_reads",
        "counts.aborted_reads",
        (AUDITED,),
    ),
    Mutant(
        "a transaction that is shown in part is whole enough",
        "bench_gui/bench/audit/committed_reader.py",
        "partial = (late | set(ids[skipped].tolist())) & set(self._incomplete)",
        "partial: set[int] = set()",
        (AUDITED,),
    ),
    Mutant(
        "a record read before its transaction committed is clean",
        "bench_gui/bench/audit/committed_reader.py",
        'dirty = shown & (~committed | (each["ended_ns"] > seen_ns))',
        "dirty = shown & ~committed",
        (AUDITED,),
    ),
    Mutant(
        "live and final count are not compared by their losses",
        "bench_gui/bench/audit/auditor.py",
        "for what in (LaneAuditor.appended, LaneAuditor.effects, LaneAuditor.lost):",
        "for what in (LaneAuditor.appended, LaneAuditor.effects):",
        (AUDITED,),
    ),
    Mutant(
        "a broken lane whose anomaly is forbidden holds",
        "bench_gui/bench/audit/verdict.py",
        "kind in lane.forbidden and number}",
        "kind in lane.allowed and kind in lane.forbidden and number}",
        (AUDITED,),
    ),
)

RETENTION = (
    Mutant(
        "what was removed is counted again where it is still there",
        "bench_gui/bench/audit/recount_sql.py",
        "WHERE b.position - p.start >= p.removed OR t.state = 'aborted';",
        "WHERE b.position >= p.start;",
        RETAINED,
    ),
    Mutant(
        "who appended what is gone is forgotten",
        "bench_gui/bench/retention/counting.py",
        "        self.appends.add(slot, incarnation, first, after)\n",
        "",
        RETAINED,
    ),
    Mutant(
        "records go that a living consumer may still be working on",
        "bench_gui/bench/audit/passing.py",
        'return min(self.position, int(self._pending["first"].min(initial=self.position)))',
        "return self.position",
        RETAINED,
    ),
    Mutant(
        "the last batch of a partition goes too",
        "bench_gui/bench/retention/counting.py",
        "upto = min(upto, last or 0)",
        "upto = upto if last is None else upto",
        RETAINED,
    ),
    Mutant(
        "effects of events that never were go uncounted",
        "bench_gui/bench/retention/counting.py",
        "upto = upto if stray is None else stray - 1",
        "upto = upto if stray is None else upto",
        RETAINED,
    ),
    Mutant(
        "a living producer's last advance is removed",
        "bench_gui/bench/retention/removing.py",
        "    SELECT max({key}), {line} FROM {table} WHERE incarnation IN ({alive})\n",
        "    SELECT max({key}), {line} FROM {table} WHERE incarnation < 0\n",
        RETAINED,
    ),
)

RECOUNT = (
    Mutant(
        "the recount leaves out edges that do not cancel",
        "bench_gui/bench/audit/recount_edges.py",
        "return places[starts][sums != 0], sums[sums != 0]",
        "return places[starts][sums > -2], np.sign(sums[sums > -2])",
        (AUDITED,),
    ),
    Mutant(
        "the recount takes aborted records for readable ones",
        "bench_gui/bench/audit/recount_sql.py",
        """b.incarnation,
       CASE WHEN t.state = 'aborted' THEN 'aborted'
""",
        """b.incarnation,
       CASE WHEN t.state = 'aborted' THEN 'readable'
""",
        (AUDITED,),
    ),
    Mutant(
        "the recount counts one duplicate an event at the most",
        "bench_gui/bench/audit/recount_sql.py",
        "coalesce(sum(length * max(0, effects - 1)), 0) AS duplicates,",
        "coalesce(sum(length * (effects > 1)), 0) AS duplicates,",
        (AUDITED,),
    ),
    Mutant(
        "the recount forgets the offsets that lie ahead",
        "bench_gui/bench/audit/recount_sql.py",
        "            WHEN ahead = 0 THEN 'lost after the log'\n",
        "            WHEN ahead >= 0 THEN 'lost after the log'\n",
        (AUDITED,),
    ),
    Mutant(
        "the recount rounds the events that were due down",
        "bench_gui/bench/audit/recount_sql.py",
        "+ (elapsed_ns % 1000000000 * rate_eps + 999999999) / 1000000000 AS lane_events",
        "+ (elapsed_ns % 1000000000 * rate_eps) / 1000000000 AS lane_events",
        (AUDITED, "tests/process/test_run.py -k stop"),
    ),
    Mutant(
        "a disagreement by an event is not looked for",
        "bench_gui/bench/audit/recount.py",
        "    differing = np.flatnonzero(counted != recounted)\n",
        "    differing = np.flatnonzero(counted > 9 * recounted + 9)\n",
        (AUDITED,),
    ),
)

TELLING = (
    Mutant(
        "a position that went back is still passed",
        "bench_gui/bench/lifeline/lane_reading.py",
        "standing = following > place and (lowest_after is None or lowest_after > place)",
        "standing = following > place",
        ("tests/bench/test_lifeline.py",),
    ),
    Mutant(
        "a repetition by one process is blamed on its end",
        "bench_gui/bench/lifeline/blame.py",
        "    if not process.killed or process.worker.incarnation == again.incarnation:\n",
        "    if not process.killed:\n",
        ("tests/bench/test_lifeline.py",),
    ),
    Mutant(
        "a loss is told before its process has ended",
        "bench_gui/bench/lifeline/fate.py",
        "if passing.standing and (passing.again or ended):",
        "if passing.standing:",
        ("tests/bench/test_lifeline.py",),
    ),
    Mutant(
        "a send without its answer is acknowledged in the history",
        "bench_gui/bench/history/sends.py",
        "found.appended is not None and acked >= found.next:",
        "found.appended is not None:",
        ("tests/bench/test_jepsen.py",),
    ),
    Mutant(
        "an aborted record keeps its event's value",
        "bench_gui/bench/history/jepsen.py",
        "                value = -1 - (self.key(topic, stretch.partition) << KEY_BITS | offset)\n",
        "                pass\n",
        ("tests/bench/test_jepsen.py",),
    ),
    Mutant(
        "slots are not the processes that they were in the history",
        "bench_gui/bench/history/jepsen.py",
        "        number = source.producers + slot\n",
        "        number = source.producers + source.consumers - 1 - slot\n",
        ("tests/bench/test_jepsen.py",),
    ),
    Mutant(
        "suppressed deliveries are left out of the history",
        "bench_gui/bench/history/history_sql.py",
        "FROM effects WHERE incarnation IN",
        "FROM effects WHERE applied = 1 AND incarnation IN",
        ("tests/bench/test_jepsen.py",),
    ),
    Mutant(
        "a transaction in doubt is delivered",
        "bench_gui/bench/lifeline/evidence.py",
        """        decided = self.transaction is None or self.transaction.state == "committed"
        return decided and self.stable""",
        """        return not self.aborted""",
        ("tests/bench/test_lifeline.py",),
    ),
)

MUTANTS = (*PROTOCOL, *TWO_PHASE, *LOG, *AUDIT, *RETENTION, *RECOUNT, *TELLING)
