"""One language is one frozen table, found by its ISO 639-1 code.

A second language is a file here, with a ``TABLE`` of type `Language`.  ``READ`` chooses the one
that is used: nothing else names a language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

READ = "en"
"""The language in which articles are read and questions are asked."""


@dataclass(frozen=True, slots=True)
class Naming:
    """The words by which one language refers again to people, bodies and documents that it named.

    courtesy_titles   go with a surname and tell no office ("mr")
    title_qualifiers  are a title's only before one ("prime", "turkish")
    occupations       stand before a name in full, and are surnames elsewhere ("baker")
    nations           country, adjective or inhabitants -> the country
    places            countries and towns: never who "he" is
    people_nouns      people in the plural ("officials"): who "they" are
    wider_roles       a description's noun -> the titles of those whom it can mean
    bodies            a description's noun ("company") -> words in the names of such bodies
    documents         sets of nouns that can stand for the same document
    person_endings    of nouns for people that no list has ("supplier")
    lifeless          nouns of what says nothing ("delay"), and their endings
    issuing_verbs     what a speaker does to a document in order to speak through it ("issue")
    locating          prepositions before a place
    relatives         a relative's name is not that of the one whose relative it is
    general_words     of bodies that every country has ("supreme")
    inverted_bodies   "ministry of defence" is "defence ministry"
    collectives       people together: who "they" are, and nobody's "he"
    many              people in the plural whose lemma is no such word ("women")
    shared_roles      what a person and a body can be ("owner")
    taking_up         nouns for a body of any name that was just named ("the company")
    variations        nouns that take up a person just named ("the novelist said")
    place_words       begin or end a place's name of several words ("new", "county")
    societies         many people whose society is called so ("Friends of the Library")
    staff             those who speak for one person ("spokesman"): "the minister" is that one
    topics            what a ministry or an institute is for ("justice")
    """

    courtesy_titles: frozenset[str]
    title_qualifiers: frozenset[str]
    occupations: frozenset[str]
    nations: Mapping[str, str]
    places: frozenset[str]
    people_nouns: frozenset[str]
    wider_roles: Mapping[str, frozenset[str]]
    bodies: Mapping[str, frozenset[str]]
    documents: tuple[frozenset[str], ...]
    person_endings: tuple[str, ...]
    lifeless: frozenset[str]
    lifeless_endings: tuple[str, ...]
    issuing_verbs: frozenset[str]
    locating: frozenset[str]
    relatives: frozenset[str]
    general_words: frozenset[str]
    inverted_bodies: frozenset[str]
    collectives: frozenset[str]
    many: frozenset[str]
    shared_roles: frozenset[str]
    taking_up: frozenset[str]
    variations: frozenset[str]
    place_words: frozenset[str]
    societies: frozenset[str]
    staff: frozenset[str]
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Language:
    """The words by which one language reports speech and names people.

    Verbs and nouns are given by lemma; all words in lower case.  A verb or noun has one act; a verb
    with a particle ("rule out") has its act in ``particle_acts``.

    abbreviations        never end a sentence ("mr.", "gen.")
    lower_abbreviations  are no words of their own when written small ("vs.", "etc.")
    final_abbreviations  end one only before a sentence opener ("inc.", "nov.")
    acts                 the closed set of senses that a cue can have
    lemmas               of the forms of those verbs, for what a tagger does not know
    verb_acts, noun_acts what a reporting verb or noun does with its words
    cue_forms            those of the clausal verbs that stand beside a name ("said", "says")
    said_it              idioms of a verb and its object that introduce words ("put it")
    clausal_verbs        can stand as a parenthesis, or before a quotation ("he noted")
    stance_verbs         report a view and no words ("believe"): nominal tier
    addressing_verbs     take the addressee as object ("tell X that")
    to_addressing_verbs  take the addressee after "to" ("say to X")
    infinitive_verbs     report an order, request or promise as infinitive
    urging_verbs         of these, those whose object is what is urged ("urged X to go")
    object_verbs         report with a noun phrase as object ("criticise the plan")
    preposition_verbs    report with a prepositional object ("call for a truce")
    telling_verbs        of these, those whose object is a hearer unless it names words
    told_nouns           nouns, other than noun_acts, that name words ("the truth")
    circumstance_prepositions lead, after a verb, into when or why ("during", "because")
    occasion_prepositions lead into when and where ("during", "since")
    light_verbs          say nothing beside a reporting noun ("made the claim")
    infinitive_acts      acts whose nouns take an infinitive ("a promise to")
    place_prepositions   lead into a place or an occasion ("at", "during")
    local_prepositions   of these, into a place that has a name ("in Geneva")
    quoting_verbs        pass on another's words ("quoted X as saying")
    particle_acts        what a verb does with its particle ("rule out"); "" reports nothing
    comparing_verbs      report only with what something is compared to ("liken it to a farce")
    media_verbs          what is done to say something ("used the speech to praise him")
    outlet_nouns         who reports for a living ("agency"): a link, not a speaker
    labelling_verbs      two objects, or one with "as" ("call it a farce")
    thanking_verbs       have the hearer as the object of what is said ("thanked him")
    made_plain           what one makes a thing by saying it ("made clear that")
    firm_adjectives      tell how somebody says something ("was adamant that")
    stance_adjectives    tell what somebody thinks ("is confident that"): nominal tier
    naming_verbs         of these, those that say nothing without the name ("call him a liar")
    refusing_verbs       nothing is said where one of these governs the cue ("declined to say")
    hypothetical_modals  auxiliaries of what was not said yet ("would say")
    hypothetical_adjectives  adjectives of what was not said yet ("is likely to say")
    conditional_marks    conjunctions that make the cue a condition ("if he says")
    negations            words that negate a cue or a statement ("not", "nobody")
    sentence_openers     may begin a sentence right behind an abbreviation ("the")
    document_nouns       nouns for what is written or issued, and can speak ("report")
    titles               stand before the name of a person ("president")
    gender_titles        title -> "m" or "f" ("mrs")
    given_names          given name -> "m" or "f" ("mary")
    role_nouns           nouns for a person by office or occupation ("lawyer")
    organisation_nouns   nouns for a body, alone or in its name ("ministry")
    gendered_nouns       noun for a person -> "m" or "f" ("widow")
    person_pronouns      pronoun -> "m", "f", "p" (several), "1", "2" (first and second person),
                         "n" (a thing) or "r" (relative)
    conversation_verbs   tell that two parties talked, not what was said ("met Reed")
    audience_nouns       those to whom people speak in public ("reporters")
    occasion_nouns       nouns for an exchange of two parties ("interview")
    during               prepositions before these ("in an interview")
    partner_prepositions lead from these to the other party ("an interview with Reed")
    remote               words beside these of an exchange from afar ("phone")
    letter_nouns         nouns for what one writes to another ("letter")
    facing_verbs         verb -> how the hearer stands beside it: "dobj" or a preposition
                         ("addressed the crowd", "turned to Reed")
    asking_verbs         whose subject asks and whose object answers ("pressed by Reed, she said")
    reply_nouns          make the statement an answer ("said in reply")
    issuing              lead from a document to whose it is ("a report by the bank")
    months, days         names of months, with their abbreviations, and of days of the week
    time_words           other words for a time ("yesterday", "week")
    holidays             feasts by which something can be due ("by Christmas")
    event_nouns          nouns for where things are said ("at the debate")
    media_nouns          nouns for a medium ("on Twitter")
    editorial_labels     stand before a colon and are no speaker ("correction:")
    news_agencies        agencies whose name begins a dateline or is one word ("reuters")
    naming               the words by which the text refers again to whom it named
    """

    code: str
    abbreviations: frozenset[str]
    lower_abbreviations: frozenset[str]
    final_abbreviations: frozenset[str]
    sentence_openers: frozenset[str]
    acts: tuple[str, ...]
    lemmas: Mapping[str, str]
    verb_acts: Mapping[str, str]
    noun_acts: Mapping[str, str]
    light_verbs: frozenset[str]
    infinitive_acts: frozenset[str]
    clausal_verbs: frozenset[str]
    cue_forms: frozenset[str]
    said_it: Mapping[str, str]
    stance_verbs: frozenset[str]
    addressing_verbs: frozenset[str]
    to_addressing_verbs: frozenset[str]
    infinitive_verbs: frozenset[str]
    urging_verbs: frozenset[str]
    object_verbs: frozenset[str]
    telling_verbs: frozenset[str]
    told_nouns: frozenset[str]
    circumstance_prepositions: frozenset[str]
    occasion_prepositions: frozenset[str]
    place_prepositions: frozenset[str]
    local_prepositions: frozenset[str]
    preposition_verbs: Mapping[str, frozenset[str]]
    labelling_verbs: frozenset[str]
    naming_verbs: frozenset[str]
    quoting_verbs: frozenset[str]
    media_verbs: frozenset[str]
    outlet_nouns: frozenset[str]
    particle_acts: Mapping[str, str]
    comparing_verbs: frozenset[str]
    refusing_verbs: frozenset[str]
    showing_verbs: frozenset[str]
    hypothetical_modals: frozenset[str]
    hypothetical_adjectives: frozenset[str]
    conditional_marks: frozenset[str]
    thanking_verbs: frozenset[str]
    made_plain: frozenset[str]
    firm_adjectives: frozenset[str]
    stance_adjectives: frozenset[str]
    negations: frozenset[str]
    document_nouns: frozenset[str]
    titles: frozenset[str]
    gender_titles: Mapping[str, str]
    given_names: Mapping[str, str]
    role_nouns: frozenset[str]
    organisation_nouns: frozenset[str]
    gendered_nouns: Mapping[str, str]
    person_pronouns: Mapping[str, str]
    conversation_verbs: frozenset[str]
    audience_nouns: frozenset[str]
    occasion_nouns: frozenset[str]
    facing_verbs: Mapping[str, frozenset[str]]
    asking_verbs: frozenset[str]
    reply_nouns: frozenset[str]
    during: frozenset[str]
    remote: frozenset[str]
    letter_nouns: frozenset[str]
    partner_prepositions: frozenset[str]
    issuing: frozenset[str]
    months: frozenset[str]
    days: frozenset[str]
    time_words: frozenset[str]
    holidays: frozenset[str]
    event_nouns: frozenset[str]
    media_nouns: frozenset[str]
    editorial_labels: frozenset[str]
    news_agencies: frozenset[str]
    naming: Naming


@cache
def language(code: str = READ) -> Language:
    """Return the table of a language, unless told that of READ; KeyError for one without."""
    try:
        table: Language = import_module(f"index.lang.{code}").TABLE
    except ModuleNotFoundError as error:
        raise KeyError(f"no table for language {code!r} in index/lang/") from error
    return table
