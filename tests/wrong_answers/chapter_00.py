"""Chapter 00: start here."""

WRONG = [
    ("00.1", 1 / 10, "You gave a share."),
    ("00.1", 1000 - 1000 / 10, "That is how many are wrong."),
    ("00.1", 0, "Some of the 1,000 digits are sevens,"),
    ("00.1", 10, "Of every ten digits one is a seven."),
    ("00.1", 1000, "Only the sevens are answered rightly."),
    ("00.1", 1000 / 9, "There are ten digits, for 0 is one of them:"),
    ("00.1", 111, "There are ten digits, for 0 is one of them:"),
    ("00.1", 1000 / 11, "There are ten digits, for 9 is the last:"),
    ("00.1", 91, "There are ten digits, for 9 is the last:"),
    ("00.2", lambda answers, labels: (answers == labels).sum(), "That is how many agree."),
    ("00.2", lambda answers, labels: (answers != labels).mean(), "That is the share of positions that differ."),
    ("00.2", lambda answers, labels: answers == labels, "You return one truth value for each position."),
    ("00.2", lambda answers, labels: 100 * (answers == labels).mean(), "A share is asked for, from 0 to 1;"),
    ("00.3", 0.01, "The loss still falls when the ten epochs are over:"),
    ("00.3", 0.17, "The loss still falls when the ten epochs are over:"),
    ("00.3", 2, "The loss hardly falls, or jumps:"),
    ("00.3", 10, "The loss hardly falls, or jumps:"),
    ("00.3", 1.1, "The loss falls, but the steps are too long"),
]

REFUSED = [
    ("00.3", 0, "learning_rate must be a positive number: got 0"),
    ("00.3", -0.1, "learning_rate must be a positive number: got -0.1"),
    ("00.3", True, "learning_rate must be a positive number: got True"),
    ("00.3", "0.3", "learning_rate must be a positive number: got '0.3'"),
    ("00.3", float("inf"), "learning_rate must be a positive number: got inf"),
]
