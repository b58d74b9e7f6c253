"""An admin's own lookup tables on their way into the cluster: checked, compared with what is there, switched at once."""
