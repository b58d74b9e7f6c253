"""An admin's own lookup tables on their way into the app: checked, compared with what is there, written."""
