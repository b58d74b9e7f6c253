"""The runner: reads what is new in the logs of a cluster, decides, and writes verdicts there; killed at any moment it goes on."""
