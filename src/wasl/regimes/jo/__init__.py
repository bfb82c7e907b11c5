"""Jordan: the dinar has three decimals, which the European rules of amounts do not allow for."""
