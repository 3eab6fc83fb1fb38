"""What the texts are about: suggested problem types, and groups of texts that nobody has named yet.

Open `suggestions.py` for what is suggested, `grouping.py` for candidate groups, `vectors.py` for how alike two texts
are, `words.py` for which words count as the same. A person always decides; nothing here is counted until confirmed.
"""
