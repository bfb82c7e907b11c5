""" "Call me back" on the payer's side: choose a time, see that it is planned, cancel it; and the hotline beside it."""
