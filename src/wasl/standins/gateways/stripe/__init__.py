"""Stripe: Checkout Sessions, PaymentIntents, saved methods, refunds, disputes, payouts; forms in, minor units, `Stripe-Signature` out."""
