"""Verifying: whether a run led to what it should have led to, and where it was lost when it did not."""
