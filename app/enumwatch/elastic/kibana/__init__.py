"""Rules for Kibana's detection engine, every sentence and number of them from the rulebook."""
