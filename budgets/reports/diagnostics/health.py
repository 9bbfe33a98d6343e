"""Is the automation alive? One judgement, for monitors, the dashboard and `doctor`."""

from dataclasses import dataclass
from datetime import datetime

from budgets.reports.diagnostics.open_days import fault_of_open_days
from budgets.reports.diagnostics.recurring import CHECKS, TaskHealth, task_health
from budgets.reports.diagnostics.undecided import fault_of_undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the recurring tasks did, and all that keeps money from being guarded."""

    tasks: list[TaskHealth]
    problems: list[str]
    """Each is a sentence that says what is wrong and what to do; it names no client."""

    @property
    def late(self) -> list[str]:
        """The names of the tasks without which budgets are not kept, and which are not done."""
        return [task.name for task in self.tasks if task.is_late and task.is_watched]

    @property
    def is_checked(self) -> bool:
        """Whether each of the checks ever ran; a new installation waits for its first."""
        return all(task.at for task in self._checks)

    @property
    def checked_by(self) -> datetime | None:
        """By when each of the checks is to have run."""
        return max((task.due_at for task in self._checks if task.due_at), default=None)

    @property
    def _checks(self) -> list[TaskHealth]:
        return [task for task in self.tasks if task.name in CHECKS]


def health(*, now: datetime) -> Health:
    """Judge the work that was done up to the instant, in a few small queries."""
    tasks = task_health(now=now)
    problems = [task.fault for task in tasks if task.is_watched]
    problems.append(fault_of_open_days(now=now))
    problems.append(fault_of_undecided())
    return Health(tasks=tasks, problems=[problem for problem in problems if problem])
