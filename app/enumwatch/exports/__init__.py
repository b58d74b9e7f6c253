"""Exports: findings as other tools take them, never with an address that is the owner's own or allowlisted."""
