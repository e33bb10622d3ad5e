"""The bench's end of the pipe to the auditor's process."""

from __future__ import annotations

from pathlib import Path

from bench_gui.bench.audit.audit_messages import (
    AuditFailure,
    AuditReport,
    Begin,
    FinalReport,
    Finish,
    Ready,
)
from bench_gui.bench.audit.audit_process import audit_run
from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.settings import RunSettings
from workers.processes import pipe, start_from_fork_server


class AuditorFailed(Exception):
    """The auditor failed by a bug of ours. `details` is its traceback, or ""."""

    def __init__(self, sentence: str, details: str) -> None:
        super().__init__(sentence)
        self.details = details


class AuditLink:
    """The auditor's process and the pipe to it.

    Fields:
        connection: to wait on.
        ready: whether it is there and the sources may start.
        cpu_s: CPU time of the auditor's process between its first and its last report.
    """

    def __init__(self, run_dir: Path, settings: RunSettings) -> None:
        """Starts the process."""
        self.connection, far_end = pipe()
        self._child = start_from_fork_server(audit_run, far_end, run_dir, settings)
        far_end.close()
        self.ready = False
        self.cpu_s = 0.0
        self._cpu_before_s: float | None = None

    def tell(self, message: Begin | Finish) -> None:
        """Raises AuditorFailed or EnvironmentProblem when there is nobody to hear."""
        try:
            self.connection.send(message)
        except OSError as error:
            raise self._gone() from error

    def receive(self) -> AuditReport | FinalReport | None:
        """The next report; None when the message was that it is ready.

        Raises:
            AuditorFailed: it says so, or it is gone.
            EnvironmentProblem: it is gone with the fork server, or never was.
        """
        try:
            message: Ready | AuditReport | FinalReport | AuditFailure = self.connection.recv()
        except (EOFError, OSError) as error:
            raise self._gone() from error
        if isinstance(message, AuditFailure):
            raise AuditorFailed(message.sentence, message.details)
        if isinstance(message, Ready):
            self.ready = True
            return None
        report = message.report if isinstance(message, FinalReport) else message
        if self._cpu_before_s is None:
            self._cpu_before_s = report.cpu_s
        self.cpu_s = report.cpu_s - self._cpu_before_s
        return message

    def _gone(self) -> Exception:
        """What to raise: its process has ended."""
        if self._child.loss:
            return EnvironmentProblem(f"the run could not go on: {self._child.loss}")
        return AuditorFailed("the auditor's process has ended", "")

    def end(self) -> None:
        """Ends the process; it keeps nothing that could be lost."""
        self._child.kill()
        self._child.reap()
        self.connection.close()
