"""Search command `enumverdict`: events or contacts in, findings out."""

import os
import sys

APP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(APP, "lib"), os.path.join(APP, "app")]

from enumwatch.splunk.commands.quick_start import without_rest_client  # noqa: E402

without_rest_client()

from splunklib.searchcommands import Configuration, Option, ReportingCommand, dispatch  # noqa: E402

from enumwatch.splunk.commands.columns import READ_COLUMNS  # noqa: E402
from enumwatch.splunk.commands.enumverdict import VerdictRows  # noqa: E402


@Configuration(required_fields=list(READ_COLUMNS), run_in_preview=False)
class EnumVerdictCommand(VerdictRows, ReportingCommand):
    """Says who is calling the roll of your mailboxes, from the events or contacts of a search."""

    detections = Option(default=None)
    updates = Option(default="false")
    remember = Option(default="false")
    suppressed = Option(default="false")
    summary = Option(default="false")

    def reduce(self, records):
        """Rows of findings once the last chunk is in."""
        return self.answer(records)


dispatch(EnumVerdictCommand, sys.argv, sys.stdin, sys.stdout, __name__)
