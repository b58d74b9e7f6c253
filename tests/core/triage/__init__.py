"""Tests of the answers, conditions and steps of playbooks."""
