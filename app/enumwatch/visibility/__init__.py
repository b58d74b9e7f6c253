"""Visibility: which ways of attack the connected logs show, which never, and what to connect next."""
