"""Mails: their templates, the tasks that send them, and the queue."""
