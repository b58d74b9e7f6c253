"""What other thresholds would have raised on the same contacts, and a setting that keeps within a budget."""
