"""What each subcommand does once its arguments are read. Only here and in cli.py does the product speak."""
