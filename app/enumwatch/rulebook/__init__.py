"""The rulebook: sources, detections and playbooks as data, read strictly, checked as a whole, compiled to one JSON.

Import the parts by module. `compiled` needs the standard library only; `load` and what it uses need a YAML parser.
"""
