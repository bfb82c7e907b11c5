"""The tamper-evident log: events, leaves, tiles, checkpoints, proofs and the offline verifier. No Django, no network."""
