"""A Python shell with the models, the operations and what they take at hand."""

from django.core.management.commands import shell

IN_NO_MODULE = "budgets.Historical"
"""How the paths of models begin that simple_history makes: `Brand.history.model` reaches them."""

AT_HAND = [
    "datetime.date",
    "datetime.datetime",
    "datetime.timedelta",
    "decimal.Decimal",
    "django.utils.timezone",
    "budgets.operations.close.close_periods",
    "budgets.operations.deliver.deliver_changes",
    "budgets.operations.holds.hold",
    "budgets.operations.holds.release",
    "budgets.operations.ingest.record_spend",
    "budgets.operations.reconcile.reconcile",
    "budgets.operations.ingest.types.SpendEntry",
    "budgets.operations.platforms.pull.sync_spend",
    "budgets.reports.explain.explain",
    "budgets.rules.reasons.PauseReason",
]


class Command(shell.Command):
    """Django's shell, which brings the models, with the operations beside them."""

    def get_auto_imports(self) -> list[str]:
        """Return what is imported before the first prompt."""
        models = super().get_auto_imports() or []
        return [*(path for path in models if not path.startswith(IN_NO_MODULE)), *AT_HAND]
