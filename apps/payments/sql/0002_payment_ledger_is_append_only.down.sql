DROP TRIGGER payment_ledger_is_append_only ON payment_ledger;
DROP FUNCTION payment_ledger_is_append_only();
