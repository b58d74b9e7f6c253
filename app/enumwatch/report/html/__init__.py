"""The report as one HTML file that opens offline, asks nothing of any network and runs no script."""

from enumwatch.report.html.page import render

__all__ = ["render"]
