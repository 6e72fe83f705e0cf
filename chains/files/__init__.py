"""A saved chain as a file that a person can read, edit and send: our own schema, in JSON or YAML."""
