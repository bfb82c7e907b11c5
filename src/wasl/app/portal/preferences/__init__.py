"""How a reader wants to hear from us and see things: one page, for a link and for a sign-in."""
