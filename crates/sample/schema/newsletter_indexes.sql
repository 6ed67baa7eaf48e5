CREATE INDEX delivery_log_subscriber ON delivery_log (subscriber_email);
