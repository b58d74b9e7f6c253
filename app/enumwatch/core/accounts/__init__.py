"""Account creation (T1585.002): who makes accounts as nobody here does, and which new accounts are no people's."""
