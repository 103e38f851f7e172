DROP TRIGGER message_is_handed_over_once ON messages;
DROP FUNCTION message_is_handed_over_once();
