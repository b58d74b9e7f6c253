"""Search command `enumtune`: what other thresholds would have raised."""

import os
import sys

APP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(APP, "lib"), os.path.join(APP, "app")]

from enumwatch.splunk.commands.quick_start import without_rest_client  # noqa: E402

without_rest_client()

from splunklib.searchcommands import Configuration, Option, ReportingCommand, dispatch  # noqa: E402

from enumwatch.splunk.commands.columns import READ_COLUMNS  # noqa: E402
from enumwatch.splunk.commands.enumtune import TunedRows  # noqa: E402


@Configuration(required_fields=list(READ_COLUMNS), run_in_preview=False)
class EnumTuneCommand(TunedRows, ReportingCommand):
    """Says what every main threshold would have raised with other values."""

    detections = Option(default=None)

    def reduce(self, records):
        """The table once the last chunk is in."""
        return self.answer(records)


dispatch(EnumTuneCommand, sys.argv, sys.stdin, sys.stdout, __name__)
