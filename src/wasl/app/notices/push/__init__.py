"""Web push (RFC 8030, 8291, 8292): subscriptions, encryption, the installation's VAPID key, and a client that goes only outward."""
