DROP TRIGGER update_templates_updated_at ON templates;
DROP TRIGGER update_messages_updated_at ON messages;
DROP FUNCTION update_updated_at_column();
