"""Knowledge of the Splunk app, generated from the rulebook: conf files, views, menus."""
