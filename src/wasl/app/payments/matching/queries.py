"""Matching as statements over whole sets of movements: nothing here is asked line by line.

`todo` holds the movements at hand, `payer` who each may come from. Both live for one transaction.
"""

TODO = """
CREATE TEMP TABLE todo ON COMMIT DROP AS
SELECT id, amount, currency, numbers, booked FROM statements_statementline
WHERE organisation_id = %(org)s AND state = 'new' AND amount > 0 AND file_id = %(file)s AND place > %(after)s AND place <= %(until)s
"""
TODO_AGAIN = """
CREATE TEMP TABLE todo ON COMMIT DROP AS
SELECT id, amount, currency, numbers, booked FROM statements_statementline
WHERE organisation_id = %(org)s AND id = ANY(%(lines)s) AND state IN ('suggested', 'unmatched') AND amount > 0
ORDER BY id FOR UPDATE
"""
READY = "CREATE INDEX ON todo (id); ANALYZE todo"
FORGET = "DELETE FROM statements_suggestion s USING todo t WHERE s.organisation_id = %(org)s AND s.line_id = t.id"

# 1. A number of ours stands in the texts. Exact amount and nothing else to choose: sure (score 100). Where any reading that names
# an invoice may be cut or joined ("~", see numbers.CUT), nothing is sure.
REFERENCED = """
CREATE TEMP TABLE named ON COMMIT DROP AS
SELECT t.id AS line_id, t.amount, i.id AS invoice_id, b.open_amount, b.is_open, bool_or(left(n.number, 1) <> '~') AS is_whole
FROM todo t CROSS JOIN LATERAL unnest(t.numbers) AS n (number)
JOIN invoicing_invoice i ON i.organisation_id = %(org)s AND i.kind = 'invoice' AND translate(upper(i.number), '-/.', '') = ltrim(n.number, '~')
    AND i.currency = t.currency
JOIN payments_balance b ON b.organisation_id = i.organisation_id AND b.id = i.id
GROUP BY 1, 2, 3, 4, 5
"""
BY_REFERENCE = """
WITH n AS (
    SELECT *, count(*) FILTER (WHERE is_open AND open_amount = amount) OVER (PARTITION BY line_id) AS exact,
           count(*) FILTER (WHERE is_open) OVER (PARTITION BY line_id) AS open_ones,
           sum(open_amount) FILTER (WHERE is_open) OVER (PARTITION BY line_id) AS together,
           bool_and(is_whole) OVER (PARTITION BY line_id) AS all_whole
    FROM named
), judged AS (
    SELECT line_id, invoice_id, CASE WHEN is_open THEN least(open_amount, amount) ELSE amount END AS part,
           CASE WHEN NOT is_open THEN 'settled' WHEN open_ones > 1 AND together = amount THEN 'several'
                WHEN open_amount = amount THEN CASE WHEN all_whole THEN 'reference' ELSE 'cut' END
                WHEN open_amount > amount THEN 'less' ELSE 'more' END AS reason,
           CASE WHEN NOT is_open THEN 55 WHEN open_amount = amount AND exact = 1 AND all_whole AND NOT (open_ones > 1 AND together = amount) THEN 100
                WHEN open_ones > 1 AND together = amount THEN 96 WHEN open_amount = amount THEN CASE WHEN is_whole THEN 90 ELSE 88 END
                WHEN open_amount > amount THEN 85 ELSE 75 END AS score,
           CASE WHEN is_open THEN open_amount - amount ELSE 0 END AS difference
    FROM n WHERE is_open OR NOT EXISTS (SELECT FROM named o WHERE o.line_id = n.line_id AND o.is_open)
), ranked AS (
    SELECT *, CASE WHEN reason = 'several' THEN 1 ELSE row_number() OVER (PARTITION BY line_id ORDER BY score DESC, invoice_id) END AS rank
    FROM judged
)
INSERT INTO statements_suggestion (organisation_id, id, line_id, invoice_id, rank, amount, score, reason, difference)
SELECT %(org)s, gen_random_uuid(), line_id, invoice_id, rank, part, score, reason, difference FROM ranked WHERE rank <= 5 AND part > 0
"""

# 2. Who it comes from: what was learned, and names that are alike; `payer` was filled by names.Payers and the learned ones.
PAYER = "CREATE TEMP TABLE payer (line_id uuid, customer_id uuid, buyer text, likeness smallint) ON COMMIT DROP"
LEARNED = """
INSERT INTO payer
SELECT DISTINCT ON (l.id, p.customer_id) l.id, p.customer_id, NULL, 100 FROM todo t
JOIN statements_statementline l ON l.organisation_id = %(org)s AND l.id = t.id
JOIN statements_payername p ON p.organisation_id = l.organisation_id
    AND ((p.payer_account <> '' AND p.payer_account = l.payer_account) OR (p.name_key <> '' AND p.name_key = l.name_key))
"""
UNNAMED = """
SELECT l.name, array_agg(l.id) FROM todo t
JOIN statements_statementline l ON l.organisation_id = %(org)s AND l.id = t.id
WHERE l.name <> '' AND NOT EXISTS (SELECT FROM named n WHERE n.line_id = t.id AND n.is_open)
    AND NOT EXISTS (SELECT FROM payer p WHERE p.line_id = t.id)
GROUP BY l.name
"""
CUSTOMERS = """
SELECT id, NULL, name FROM invoicing_customer WHERE organisation_id = %(org)s
UNION ALL SELECT id, NULL, trading_name FROM invoicing_customer WHERE organisation_id = %(org)s AND trading_name <> ''
UNION ALL SELECT DISTINCT NULL::uuid, x.buyer_name, x.buyer_name FROM payments_balance b
JOIN invoicing_invoice i ON i.organisation_id = b.organisation_id AND i.id = b.id AND i.customer_id IS NULL
JOIN invoicing_invoicetext x ON x.organisation_id = b.organisation_id AND x.id = b.id
WHERE b.organisation_id = %(org)s AND b.is_open AND x.buyer_name <> ''
"""

# The open invoices of those payers, once
OWED = """
CREATE TEMP TABLE owed ON COMMIT DROP AS
SELECT p.customer_id, p.buyer, i.id AS invoice_id, i.currency, b.open_amount, b.due_date,
       count(*) OVER (PARTITION BY p.customer_id, p.buyer, i.currency) AS open_ones,
       sum(b.open_amount) OVER (PARTITION BY p.customer_id, p.buyer, i.currency) AS together
FROM (SELECT DISTINCT customer_id, buyer FROM payer WHERE customer_id IS NOT NULL) p
JOIN invoicing_invoice i ON i.organisation_id = %(org)s AND i.customer_id = p.customer_id AND i.kind = 'invoice'
JOIN payments_balance b ON b.organisation_id = i.organisation_id AND b.id = i.id AND b.is_open
"""
OWED_BY_NAME = """
INSERT INTO owed
SELECT NULL, p.buyer, i.id, i.currency, b.open_amount, b.due_date,
       count(*) OVER (PARTITION BY p.buyer, i.currency), sum(b.open_amount) OVER (PARTITION BY p.buyer, i.currency)
FROM (SELECT DISTINCT buyer FROM payer WHERE buyer IS NOT NULL) p
JOIN invoicing_invoicetext x ON x.organisation_id = %(org)s AND x.buyer_name = p.buyer
JOIN invoicing_invoice i ON i.organisation_id = x.organisation_id AND i.id = x.id AND i.customer_id IS NULL AND i.kind = 'invoice'
JOIN payments_balance b ON b.organisation_id = i.organisation_id AND b.id = i.id AND b.is_open
"""
OWED_READY = "ANALYZE owed; ANALYZE payer"

# 3. The payer owes exactly this on one invoice. A due date near the day it came speaks for one of several.
BY_PAYER = """
WITH found AS (
    SELECT t.id AS line_id, o.invoice_id, t.amount, p.likeness, count(*) OVER (PARTITION BY t.id) AS fitting,
           row_number() OVER (PARTITION BY t.id
               ORDER BY p.likeness DESC, abs(coalesce(o.due_date, t.booked) - t.booked), o.due_date, o.invoice_id) AS rank
    FROM todo t JOIN payer p ON p.line_id = t.id
    JOIN owed o ON o.currency = t.currency AND o.open_amount = t.amount
        AND coalesce(o.customer_id::text, o.buyer) = coalesce(p.customer_id::text, p.buyer)
    WHERE NOT EXISTS (SELECT FROM named n WHERE n.line_id = t.id AND n.is_open)
)
INSERT INTO statements_suggestion (organisation_id, id, line_id, invoice_id, rank, amount, score, reason, difference)
SELECT %(org)s, gen_random_uuid(), line_id, invoice_id, rank, amount,
       CASE WHEN fitting = 1 THEN 60 + likeness * 3 / 10 ELSE 50 + likeness * 2 / 10 END, CASE WHEN fitting = 1 THEN 'payer' ELSE 'payer_many' END, 0
FROM found WHERE rank <= 3
"""

# 4. Two invoices of the payer make the sum, or all of them do.
BY_SUM = """
WITH open_line AS (
    SELECT t.*, p.customer_id, p.buyer, p.likeness FROM todo t JOIN payer p ON p.line_id = t.id
    WHERE NOT EXISTS (SELECT FROM statements_suggestion s WHERE s.organisation_id = %(org)s AND s.line_id = t.id)
), pairs AS (
    SELECT l.id AS line_id, a.invoice_id AS first, b.invoice_id AS second, a.open_amount AS first_amount, b.open_amount AS second_amount, l.likeness,
           row_number() OVER (PARTITION BY l.id ORDER BY l.likeness DESC, a.due_date, b.due_date, a.invoice_id) AS nth
    FROM open_line l
    JOIN owed a ON a.currency = l.currency AND a.open_ones BETWEEN 2 AND 60 AND a.open_amount < l.amount
        AND coalesce(a.customer_id::text, a.buyer) = coalesce(l.customer_id::text, l.buyer)
    JOIN owed b ON b.currency = a.currency AND b.open_amount = l.amount - a.open_amount AND b.invoice_id > a.invoice_id
        AND coalesce(b.customer_id::text, b.buyer) = coalesce(a.customer_id::text, a.buyer)
), wholes AS (
    SELECT l.id AS line_id, o.invoice_id, o.open_amount, l.likeness FROM open_line l
    JOIN owed o ON o.currency = l.currency AND o.together = l.amount AND o.open_ones BETWEEN 3 AND 20
        AND coalesce(o.customer_id::text, o.buyer) = coalesce(l.customer_id::text, l.buyer)
    WHERE NOT EXISTS (SELECT FROM pairs p WHERE p.line_id = l.id)
), parts AS (
    SELECT line_id, first AS invoice_id, first_amount AS amount, likeness, 'two' AS reason FROM pairs WHERE nth = 1
    UNION ALL SELECT line_id, second, second_amount, likeness, 'two' FROM pairs WHERE nth = 1
    UNION ALL SELECT DISTINCT ON (line_id, invoice_id) line_id, invoice_id, open_amount, likeness, 'all' FROM wholes
)
INSERT INTO statements_suggestion (organisation_id, id, line_id, invoice_id, rank, amount, score, reason, difference)
SELECT %(org)s, gen_random_uuid(), line_id, invoice_id, 1, amount, 45 + likeness * 3 / 10, reason, 0 FROM parts
"""

# 5. Nothing but the amount: worth a look only where one single invoice is owed exactly so.
BY_AMOUNT = """
WITH wanted AS (
    SELECT t.id, t.amount, t.currency, t.booked FROM todo t
    WHERE NOT EXISTS (SELECT FROM statements_suggestion s WHERE s.organisation_id = %(org)s AND s.line_id = t.id)
), single AS (
    SELECT w.amount, w.currency, min(b.id::text)::uuid AS invoice_id FROM (SELECT DISTINCT amount, currency FROM wanted) w
    JOIN payments_balance b ON b.organisation_id = %(org)s AND b.is_open AND b.currency = w.currency AND b.open_amount = w.amount
    GROUP BY 1, 2 HAVING count(*) = 1
)
INSERT INTO statements_suggestion (organisation_id, id, line_id, invoice_id, rank, amount, score, reason, difference)
SELECT %(org)s, gen_random_uuid(), w.id, s.invoice_id, 1, w.amount, 30, 'amount', 0 FROM wanted w JOIN single s USING (amount, currency)
"""

JUDGE = """
UPDATE statements_statementline l SET state = CASE
    WHEN EXISTS (SELECT FROM statements_suggestion s WHERE s.organisation_id = l.organisation_id AND s.line_id = l.id) THEN 'suggested'
    ELSE 'unmatched' END
FROM todo t WHERE l.organisation_id = %(org)s AND l.id = t.id
"""
