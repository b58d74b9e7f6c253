"""Guides: one page for each detection, for whoever meets a finding of it; every sentence comes from the rulebook."""
