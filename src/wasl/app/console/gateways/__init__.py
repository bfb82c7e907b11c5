"""Payment gateways of a seller: `/console/<organisation>/gateways`, for owners."""
