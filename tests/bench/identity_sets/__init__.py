"""Labelled sets for identity_gathering and account_creation: who attacks, who only looks like it, and what was found."""
