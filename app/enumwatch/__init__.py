"""enumwatch: finds who is calling the roll of your mailboxes, in the logs you already have."""

__version__ = "0.1.0"
