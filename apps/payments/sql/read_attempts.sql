-- Where the attempts stand that somebody else has decided meanwhile.
SELECT id, state, gateway_reference, decline_reason, last_error FROM payment_attempts WHERE id = ANY(%(ids)s::uuid[])
