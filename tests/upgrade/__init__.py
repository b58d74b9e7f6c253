"""What an earlier version wrote is read by this one: state, contacts, verdicts, memory and tables of lookups."""
