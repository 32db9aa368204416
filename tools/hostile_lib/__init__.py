"""Makes the hostile corpus: files that every reader must refuse, or survive, in a known way."""
