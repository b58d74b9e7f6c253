"""Search command `outcome`: adds what a code says about an account and its password."""

import os
import sys

APP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(APP, "lib"), os.path.join(APP, "app")]

from enumwatch.splunk.commands.quick_start import without_rest_client  # noqa: E402

without_rest_client()

from splunklib.searchcommands import Configuration, Option, StreamingCommand, dispatch  # noqa: E402

from enumwatch.splunk.commands.outcome import OutcomeRows  # noqa: E402


# The lookups and the rulebook are on the search head, so it runs there.
@Configuration(distributed=False, required_fields=["*"])
class OutcomeCommand(OutcomeRows, StreamingCommand):
    """Adds what a code says about an account and its password."""

    source = Option(default=None)
    code = Option(default=None)

    def stream(self, records):
        """Every row of a chunk, with more columns."""
        return self.rows(records)


dispatch(OutcomeCommand, sys.argv, sys.stdin, sys.stdout, __name__)
