"""Roll call: the statistics that tell somebody trying names from people mistyping theirs, one tenant at a time."""
