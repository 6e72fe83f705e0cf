"""Guided examples: what the screens can show, each as a request that one press runs."""
