"""How the weights of the judge are made; not part of what is installed.

``pairs`` reads questions with their right answers and gives the features of each candidate,
``fit`` finds the weights, ``report`` says what they are worth, and ``python -m training``
(``make train``) does all three and writes ``rag/ranking/weights.json``.

"""
