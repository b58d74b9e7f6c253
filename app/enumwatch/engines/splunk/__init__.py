"""Splunk as an engine: searches, generated from the rulebook, that turn an add-on's events into contacts."""
