"""The package that a Splunk admin installs: what is in it, where it comes from, and the archive."""
