"""One module a target: what is drawn for it, and how its files are run."""
