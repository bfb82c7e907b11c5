"""Questions, disputes, help and training."""
