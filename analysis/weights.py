"""The weights of the judge, all in one place; set by hand from what a sentence of news means, checked by `jianbao eval opinion`."""

TITLE = 2.5                    # a headline says what the piece is about
LEAD = 1.3                     # the first sentences after it
TOP = 12                       # strongest sentences that count
USUAL_SENTENCES = 14           # a longer text needs more blame for the same score
SQUASH = 3.0
NEGATIVE = 0.44
RISK = 0.36
HEALTH_MIN = 0.10              # below it a text is not about health
HEALTH_LEAST = 0.04            # … whatever the letters say of a text long enough for them
HEALTH_OF_RISK = 0.14
TELLING = 0.10                 # what a strong word of a pure health topic adds to that
HEALTH_SLOPE = 2.0
UNIT_SCALE = 1.6
UNIT_NEGATIVE = 0.36           # in an article that is negative …
UNIT_ALONE = 0.60              # … and in one that is not

STRONG, WARNING, GAP, REPROACH, SANCTION, HARM, DISPUTE, WEAK, FRAME = 1.1, 0.4, 1.0, 0.8, 0.85, 0.9, 0.4, 0.25, 0.15
COMPLAINT, OMISSION = 0.35, 0.5
RISKY = 0.6
LETTERS_SHARE = 0.70           # share of the letters in the score of a text long enough for them; the rest is the listed words'
CHANCE = 0.50                  # chance of N by the letters that weighs nothing either way
WORDS_CHOICE = 0.45            # what the words' own choice among R, P and X adds to its chance

BLAME_MOST = 3.0               # of which body is meant: blame by words counts up to this much …
NAMED_OFTEN, NAMED_FIRST = 2.0, 1.0                # … and that it is named often (times the logarithm), or before the others
AN_AUTHORITY, A_LARGE_ONE = 0.5, 1.0               # taken off: these look into what others did, or take in their patients
NAMED_LEAST = -1.0
