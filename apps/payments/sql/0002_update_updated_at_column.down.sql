DROP TRIGGER update_refunds_updated_at ON refunds;
DROP TRIGGER update_payment_methods_updated_at ON payment_methods;
DROP TRIGGER update_payment_attempts_updated_at ON payment_attempts;
DROP TRIGGER update_payments_updated_at ON payments;
DROP FUNCTION update_updated_at_column();
