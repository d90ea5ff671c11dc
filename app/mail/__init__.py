"""The door to mail: messages, SMTP, the trial mailbox, bounces, IMAP, provider facts, OAuth2."""
