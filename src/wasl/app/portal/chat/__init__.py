"""The conversation about an invoice as a live chat, on the payer's side: what an open page asks for, beside the pages of questions."""
