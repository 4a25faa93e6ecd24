"""Readers: source, live requests and records to calls. No reader knows a rule."""
