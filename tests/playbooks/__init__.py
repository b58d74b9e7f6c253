"""Tests of the playbooks: every question, condition and step, answered from simulated logs."""
