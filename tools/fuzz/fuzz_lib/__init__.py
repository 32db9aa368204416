"""Parts of `tools/fuzz/run`: seeds, one run of one target, and the command."""
