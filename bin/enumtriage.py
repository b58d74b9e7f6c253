"""Search command `enumtriage`: adds answers, escalation and next steps to findings."""

import os
import sys

APP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(APP, "lib"), os.path.join(APP, "app")]

from enumwatch.splunk.commands.quick_start import without_rest_client  # noqa: E402

without_rest_client()

from splunklib.searchcommands import Configuration, StreamingCommand, dispatch  # noqa: E402

from enumwatch.splunk.commands.enumtriage import TriageRows  # noqa: E402


# The lookups and the rulebook are on the search head, so it runs there.
@Configuration(distributed=False, required_fields=["*"])
class EnumTriageCommand(TriageRows, StreamingCommand):
    """Adds answers, escalation and next steps to findings."""

    def stream(self, records):
        """Every row of a chunk, with more columns."""
        return self.rows(records)


dispatch(EnumTriageCommand, sys.argv, sys.stdin, sys.stdout, __name__)
