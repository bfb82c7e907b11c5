"""What an owner does with an organisation's accounts at gateways: connect, change the key, turn the secret, check, switch."""
