"""How candidates become evidence: ``rag/rank.py`` asks these rooms in turn.

``cast`` tells who takes part in a statement and ``statements`` what a statement is in itself.
``vetoes`` take away what can never answer.  ``features`` measures the rest, ``judge`` weighs
it, and ``choice`` says which of what answers is shown.  ``unquoted`` finds whose words a bare
sentence has, ``narrowing`` shortens what is cited, ``copies`` joins wire copies.
"""
