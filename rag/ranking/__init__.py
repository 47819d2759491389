"""The rooms of ``rag/rank.py``: one for each kind of question, and what they share.

The kinds are ``said``, ``who_said``, ``according_to``, ``when_where``, ``to_whom`` and
``fact``.  They share who takes part (``cast``), how well a topic fits (``scoring``, ``acts``,
``thresholds``), how statements hang together (``statements``), which of them are cited
(``selection``, ``narrowing``), sentences without a quote (``unquoted``) and what there is
to say where nothing answers (``refusal``).
"""
