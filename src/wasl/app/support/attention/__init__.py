"""What needs a person at the seller's: mail that came back, invoices nobody opens, payments that hang, questions that wait.

`watch` writes and closes rows in the transaction of the event that causes or ends them; `sweep` finds what becomes late
by mere waiting; `queries` lists and counts; `act` is what a person does with a row. The list is an index scan whatever
the number of invoices.
"""
