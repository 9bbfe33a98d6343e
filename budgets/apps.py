"""The application and what it connects when Django starts."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class BudgetsConfig(AppConfig):
    """Ad budgets: the one application of this project."""

    name = "budgets"
    verbose_name = "Ad budgets"

    def ready(self) -> None:
        import_module("budgets.checks")
        apps.get_app_config("auth").verbose_name = "People"  # as pages say above their titles
        import_module("budgets.models.lookups.plain")
        import_module("budgets.models.lookups.whole_numbers")
        # These import models, which exist only from here on.
        editable = import_module("budgets.models.editable")
        editable.SavedAsEdit.operation = import_module("budgets.operations.edits")
        import_module("budgets.operations.rights")
        import_module("budgets.tasks")  # what is decided in any process is delivered at once
        import_module("budgets.edge_timer")  # and workers are on time
        schedule = import_module("core.schedule")
        roles = import_module("budgets.access.roles")
        post_migrate.connect(schedule.install_missing_entries, sender=self)
        # After Django's own receiver, which makes the permissions.
        post_migrate.connect(roles.set_roles, sender=self)
