"""How candidates become evidence: ``rag/ranking/rank.py`` asks these modules in turn.

``participants`` tells who takes part in a statement and ``statements`` what a statement is
in itself.  ``vetoes`` take away what can never answer.  ``features`` measures the rest,
``judge`` weighs it, and ``choice`` says which of what answers is shown.  ``unquoted`` finds
whose words a bare sentence has (``bare_sentences`` reads it), ``narrowing`` shortens what is
cited, ``duplicates`` joins wire copies.
"""
