"""Who said what to whom: the modules that read one parsed article, in the order of their work.

quotation_marks  which marks belong together            masking   the parser's copy of a paragraph
syntax           the parse as plain values              report    one statement, as a draft
phrases, offices  the parse of names, repaired           nested    quotations within quotations
cues             reporting verbs and their subjects     clauses   what they report, and who speaks
sources          "according to"                         nouns     "his claim that ..."
speech           quotations in marks                    edges     where a statement's words end
layout           sign-offs, block quotes                flow      statements across sentences
situation        when and where it was said             conversation  to whom
mentions, entities, documents, coreference              who each mention is

``index.attribution.extract`` runs them; nothing here knows the parser or the store.

Beside them ``turns`` reads transcripts, interviews and letters, and ``notices`` what an article
corrects of itself.
"""
