"""Who calls: the credentials, and what keeps them from being shown."""
