"""What is shipped, what it brings along, and what it must never do: call somebody, or tell a secret."""
