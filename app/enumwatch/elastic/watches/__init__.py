"""Watches: what a cluster with a Watcher licence does by itself, built from the rulebook."""
