"""Engines: each turns raw logs into the same contact table, where the logs are."""
