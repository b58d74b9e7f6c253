"""What a mail domain is: who registered it, whether it imitates an own domain, whether its mailboxes are throw-away."""
