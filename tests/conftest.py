"""How the tests share the two processes of a parallel run, each with a folder of its own."""

import os

import hypothesis
import pytest
from django.conf import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

# No test is timed: a machine that is busy with something else is no defect of ours.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# Workers of two installations on one Redis would take each other's tasks.
ONE_AFTER_THE_OTHER = ("tests/processes/", "tests/faults/")


@pytest.fixture(scope="session", autouse=True)
def a_folder_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep locks and files of one process apart from another's, and its children's with its own."""
    settings.VAR_DIR = tmp_path_factory.mktemp("var")
    os.environ["VAR_DIR"] = str(settings.VAR_DIR)
    os.environ["CREDENTIAL_KEYS"] = ",".join(settings.CREDENTIAL_KEYS)


class Scheduling(LoadFileScheduling):  # type: ignore[misc]  # xdist ships no types
    """Gives each process one file after the other, and all that start real processes to one."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(ONE_AFTER_THE_OTHER):
            return "processes"
        return str(super()._split_scope(nodeid))


# xdist's own marker for this, `xdist_group`, does nothing under pytest 9.2.
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    return Scheduling(config, log)
