"""The Splunk app: what it ships, and how it is made."""
