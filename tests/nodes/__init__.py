"""Real servers for tests, started and stopped by them on the loopback interface."""
