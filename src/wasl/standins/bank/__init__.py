"""A sandbox bank: a payment gateway with an API, a hosted page, signed webhooks, refunds and settlements.

Shape: amounts are integers in minor units; `Authorization: Bearer KEY`; `Idempotency-Key` on every write; webhooks carry
`Bank-Signature: t=<unix>,v1=<hex HMAC-SHA256 of "t.body">`, one v1 for each live secret.

Test cards (any future date, any three digits):

    4111 1111 1111 1111  pays                 4000 0000 0000 3220  asks for a code first: 123456
    4000 0000 0000 0002  declined             4000 0000 0000 9995  not enough money
    4000 0000 0000 0119  the card's bank does not answer in time; the result comes later
"""
