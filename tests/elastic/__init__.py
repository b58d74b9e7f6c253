"""Tests of what enumwatch puts into a cluster and reads there."""
