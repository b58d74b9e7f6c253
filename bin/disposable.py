"""Search command `disposable`: adds what the domain of an address is known as."""

import os
import sys

APP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(APP, "lib"), os.path.join(APP, "app")]

from enumwatch.splunk.commands.quick_start import without_rest_client  # noqa: E402

without_rest_client()

from splunklib.searchcommands import Configuration, Option, StreamingCommand, dispatch  # noqa: E402

from enumwatch.splunk.commands.disposable import DisposableRows  # noqa: E402


# The lookups and the rulebook are on the search head, so it runs there.
@Configuration(distributed=False, required_fields=["*"])
class DisposableCommand(DisposableRows, StreamingCommand):
    """Adds what the domain of an address is known as."""

    field = Option(default=None)

    def stream(self, records):
        """Every row of a chunk, with more columns."""
        return self.rows(records)


dispatch(DisposableCommand, sys.argv, sys.stdin, sys.stdout, __name__)
