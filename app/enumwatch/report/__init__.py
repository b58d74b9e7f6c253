"""What a person sees: terminal text, CSV and the HTML report, made from verdict and summary records.

Nothing here decides anything. Importing this package imports no third-party library; only
`enumwatch.report.html` needs jinja2 and pygal.
"""
