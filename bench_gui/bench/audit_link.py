"""The bench's end of the pipe to the auditor's process."""

from __future__ import annotations

from pathlib import Path

from bench_gui.bench.audit_messages import (
    AuditFailure,
    AuditReport,
    Begin,
    FinalReport,
    Finish,
    SourcesEnd,
)
from bench_gui.bench.audit_process import audit_run
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
        cpu_s: CPU time of the auditor's process at its last report.
    """

    def __init__(self, run_dir: Path, settings: RunSettings) -> None:
        """Starts the process."""
        self.connection, far_end = pipe()
        self._child = start_from_fork_server(audit_run, far_end, run_dir, settings)
        far_end.close()
        self.cpu_s = 0.0

    def tell(self, message: Begin | SourcesEnd | Finish) -> None:
        """Raises AuditorFailed when there is nobody to hear."""
        try:
            self.connection.send(message)
        except OSError as error:
            raise AuditorFailed("the auditor's process has ended", "") from error

    def receive(self) -> tuple[AuditReport, FinalReport | None]:
        """The next report, and all of the final one when it is that.

        Raises:
            AuditorFailed: it says so, or it is gone.
        """
        try:
            message: AuditReport | FinalReport | AuditFailure = self.connection.recv()
        except (EOFError, OSError) as error:
            raise AuditorFailed("the auditor's process has ended", "") from error
        if isinstance(message, AuditFailure):
            raise AuditorFailed(message.sentence, message.details)
        final = message if isinstance(message, FinalReport) else None
        report = message if isinstance(message, AuditReport) else message.report
        self.cpu_s = report.cpu_s
        return report, final

    def end(self) -> None:
        """Ends the process; it keeps nothing that could be lost."""
        self._child.kill()
        self._child.join()
        self.connection.close()
