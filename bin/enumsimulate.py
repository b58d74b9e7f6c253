"""Search command `enumsimulate`: labelled events of a scenario."""

import os
import sys

APP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(APP, "lib"), os.path.join(APP, "app")]

from enumwatch.splunk.commands.quick_start import without_rest_client  # noqa: E402

without_rest_client()

from splunklib.searchcommands import Configuration, GeneratingCommand, Option, dispatch  # noqa: E402

from enumwatch.splunk.commands.enumsimulate import SimulatedRows  # noqa: E402


@Configuration(type="reporting")
class EnumSimulateCommand(SimulatedRows, GeneratingCommand):
    """Generates labelled events of a scenario."""

    scenario = Option(default="fast_enumeration")
    source = Option(default="entra_signin")
    seed = Option(default="1")
    users = Option(default="200")
    events = Option(default=None)
    start = Option(default=None)

    def generate(self):
        """The events of the scenario."""
        return self.simulated()


dispatch(EnumSimulateCommand, sys.argv, sys.stdin, sys.stdout, __name__)
