"""The secrets of every office that the tests open in their own process: one office, one set."""

from siweb.secret_keys import DIGEST, FIELD, SESSION, variable_of

SECRETS = {
    SESSION.name: "test " * 8,
    FIELD.name: "a-field-key-of-the-tests-and-of-no-office",
    DIGEST.name: "a-digest-key-of-the-tests-and-of-no-office",
}
# What a command or a process of its own finds in its environment.
VARIABLES = {variable_of(each): SECRETS[each.name] for each in (FIELD, DIGEST)}
