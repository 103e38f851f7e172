-- Where the attempts stand that somebody else has decided meanwhile.
-- about: select payment_attempts
SELECT id, state, gateway_reference, decline_reason, last_error FROM payment_attempts WHERE id = ANY(%(ids)s::uuid[])
