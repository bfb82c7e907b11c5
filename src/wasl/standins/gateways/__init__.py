"""The payment gateways as one process: Stripe, Moyasar, Tap, PayTabs and the sandbox bank, each in its own dialect, strict where the real one is.

One engine holds the money (`engine`), five dialects give it shapes and rules, `hooks` sends what they notify, `pages` shows the payer a page in
both languages, `control` lets a test act as the payer, the payer's bank, a broken network and the passing of time.

Test cards, any date in the future and any three digits (`cards` has them all):

    4111 1111 1111 1111  pays                           4242 4242 4242 4242  pays
    4201 3201 1111 1010  mada, pays                     8888 8800 0000 0001  KNET, pays (any four digits as PIN)
    4000 0000 0000 3220  asks for a code: 123456        4464 0400 0000 0007  mada, asks for a code
    4000 0000 0000 0002  declined                       4000 0000 0000 9995  not enough money
    4000 0000 0000 0069  expired                        4000 0000 0000 0127  wrong security code
    4000 0000 0000 0119  answers late, then pays        4000 0000 0000 0408  its bank does not answer
    4000 0000 0000 0259  pays, then is disputed         4000 0000 0000 0341  pays; the saved card is declined later
    4000 0027 6000 3184  pays with a code; the saved card always asks again
"""
