"""A draft is checked before it is printed: who said these words, to whom, and whether so.

``draft`` reads the claims of a draft, ``match`` finds their words in the archive (``tokens``,
``align``), ``diff`` tells what differs, ``people`` whether those who are named agree, ``verdict``
has the rules, ``reported`` takes what is told in other words and ``difference`` tells what differs
there, ``desk`` strings them, ``render`` writes the result down.
"""
