"""Acme Shop sells wool socks, one pair or one pair a month, and is paid with Vipps."""
