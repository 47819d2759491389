"""News English: how it reports speech, names people, and dates an utterance.

The reporting verbs follow the classes of Levin (1993, ch. 37) and the cue lists printed
in Pareti (2015); the senses (acts) are ours, after Searle (1976): assertives (say, deny,
claim ...), directives (ask, urge, order), commissives (promise, threaten), expressives
(thank, praise, criticise) and declarations (announce).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from index.lang import Language
from index.lang.en_names import NAMING


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _invert(table: dict[str, str]) -> Mapping[str, str]:
    """Return word -> key, from key -> words.  A word may stand under one key only."""
    out: dict[str, str] = {}
    for key, words in table.items():
        for word in words.split():
            out.setdefault(word.replace("_", " "), key)
    return MappingProxyType(out)


_ABBREVIATIONS = _words(
    """mr mrs ms mx dr prof sen sens rep reps gov govs gen col maj capt cmdr lt sgt cpl adm
    rev hon st msgr fr sr jr pres supt insp det amb atty mt ft vs no nos fig vol art sec
    messrs mme mlle m mm drs bros etc e.g i.e cf viz al ca approx dept est univ assn"""
)
_FINAL_ABBREVIATIONS = _words(
    """jan feb mar apr jun jul aug sept sep oct nov dec inc ltd co corp llc plc bros jr sr
    ph.d d.c u.s u.k u.n e.u a.m p.m ala ariz ark calif colo conn del fla ga ill ind kan ky
    la mass md mich minn miss mo mont neb nev okla ore pa tenn tex va vt wash wis wyo
    mon tue tues wed thu thur thurs fri sat sun esq est etc no"""
)
_SENTENCE_OPENERS = _words(
    """the a an he she it they we i you this that these those there his her its their our my
    but and or so yet if when while as in on at after before since because although though
    however meanwhile still also then now what who how why where which both many most some
    all one no not for from by with under according"""
)

_VERB_ACTS = {
    "say": """say tell write speak talk state comment remark observe note mention read tweet
        retweet post email text message blog inform brief notify relate relay recount
        recall report describe explain elaborate clarify outline detail recite reminisce
        convey communicate express articulate voice verbalize phrase word utter mutter murmur
        whisper shout yell scream exclaim cry joke quip muse opine reflect marvel gush sigh
        laugh chuckle deadpan riff rant summarize summarise paraphrase cite quote recap
        refer address discuss narrate caption transcribe volunteer interject chime begin
        start open continue proceed finish conclude add append interrupt testify depose
        echo repeat reiterate restate remind stress emphasize emphasise underscore underline
        highlight point stipulate specify signal indicate hint imply intimate suggest
        insinuate attest confide tip teach share offer reference touch allude pronounce
        lecture preach chant sing croon yelp rasp drawl snarl growl bark snap spit fume
        boast brag crow gloat tease taunt enthuse rhapsodize dish shrug nod smile grin
        shoot fire counsel""",
    "claim": "claim assert allege contend maintain insist argue purport profess posit reason aver",
    "announce": """announce declare proclaim reveal disclose publish release unveil
        publicize divulge confirm affirm rule decree""",
    "deny": "deny refute rebut reject dispute disavow disclaim repudiate contradict",
    "refuse": "refuse decline rebuff balk",
    "accuse": "accuse charge implicate indict",
    "blame": "blame fault",
    "criticise": """criticize criticise condemn denounce decry slam blast rip lambast lambaste
        castigate rebuke chide scold deride mock scoff ridicule assail attack hammer bash
        knock pan skewer savage excoriate lash berate reprimand censure chastise disparage
        belittle deplore dismiss scorn trash rap object protest rail upbraid pillory
        blister sneer jeer bemoan""",
    "praise": """praise laud hail applaud commend tout extol congratulate compliment salute
        celebrate cheer welcome credit trumpet""",
    "promise": "promise pledge vow swear guarantee undertake commit assure reassure",
    "threaten": "threaten",
    "warn": "warn caution alert",
    "urge": """urge exhort implore plead beg appeal encourage
        advise recommend entreat beseech advocate""",
    "ask": "ask inquire enquire question query wonder request quiz grill press interview",
    "order": "order command instruct direct demand",
    "answer": "answer reply respond retort counter rejoin",
    "agree": "agree concur accept consent",
    "disagree": "disagree differ dissent",
    "admit": "admit acknowledge concede confess",
    "apologise": "apologize apologise",
    "thank": "thank",
    "complain": "complain lament grumble gripe whine moan bristle grouse",
    "predict": "predict forecast project foresee estimate prophesy foretell speculate surmise",
    "propose": "propose float nominate invite",
    "call": "call label dub term brand deem characterize characterise name style liken compare",
    "endorse": "endorse back",
    "oppose": "oppose challenge",
    "believe": """believe think feel know consider reckon suspect understand doubt fear
        worry hope want expect wish imagine assume realize realise guess see
        decide determine plan intend prefer like love learn find show""",
}
_CLAUSAL = _words(
    """say tell write state comment remark observe note mention read tweet retweet post email
    text message blog inform notify relate recount recall report explain elaborate clarify
    reminisce convey utter mutter murmur whisper shout yell scream exclaim cry joke quip muse
    opine reflect marvel gush sigh laugh deadpan rant summarize continue conclude add append
    interrupt interject testify echo repeat reiterate restate remind stress emphasize
    emphasise underscore highlight point stipulate specify signal indicate hint imply
    intimate suggest insinuate attest confide pronounce boast brag crow gloat chant claim bark
    snarl growl yelp croon assert allege contend maintain insist argue profess posit reason
    aver announce declare proclaim reveal disclose confirm affirm rule deny charge fault object
    protest lament complain grumble gripe whine promise pledge vow swear guarantee assure
    reassure threaten
    warn caution urge recommend advise counsel ask inquire enquire question wonder demand
    answer reply respond retort counter rejoin shoot fire agree concur accept admit
    acknowledge concede confess predict forecast project foresee estimate speculate surmise
    propose go request instruct decree publish release inquire query implore plead beg
    counsel thank teach chide scold blast snap joke begin shrug nod smile grin describe
    reveal relay quote cite recite express voice articulate outline explain"""
)
_IRREGULAR = _words(
    """said told wrote read spoke swore began went understood taught quoth forecast foresaw
    thought knew felt found"""
)


def _forms(verb: str) -> Iterator[str]:
    """What stands beside a name or a quotation: "says", "added", "replied", "quipping"."""
    stem = verb[:-1] + "i" if verb[-1] == "y" and verb[-2] not in "aeiou" else verb
    yield stem + ("es" if stem[-1] in "isxh" else "s")
    yield stem.removesuffix("e") + "ed"
    yield verb + verb[-1] + "ed"
    yield verb.removesuffix("e") + "ing"
    yield verb + verb[-1] + "ing"


_STANCE_VERBS = _words(
    """believe think feel know consider reckon suspect understand doubt fear worry hope want
    expect wish imagine assume realize realise guess see decide determine plan intend prefer
    learn find show seek"""
)
_NOUN_ACTS = {
    "say": """statement comment remark observation message note speech words report
        description explanation account suggestion hint indication insistence testimony
        reference reminder word news""",
    "claim": "claim assertion allegation contention argument",
    "announce": "announcement declaration confirmation disclosure revelation proclamation",
    "deny": "denial rejection rebuttal",
    "refuse": "refusal",
    "accuse": "accusation charge",
    "criticise": "criticism condemnation attack denunciation rebuke complaint objection",
    "praise": "praise",
    "promise": "promise pledge vow commitment assurance guarantee oath",
    "threaten": "threat",
    "warn": "warning caution",
    "urge": "call appeal plea recommendation advice exhortation",
    "ask": "question request inquiry query",
    "order": "order demand instruction command directive",
    "answer": "answer reply response",
    "agree": "agreement",
    "admit": "admission acknowledgement acknowledgment concession confession",
    "apologise": "apology",
    "thank": "thanks",
    "predict": "prediction forecast estimate",
    "propose": "proposal offer invitation",
    "believe": "belief view opinion fear hope concern conviction expectation",
}

ACTS: tuple[str, ...] = tuple(_VERB_ACTS)
"""The closed set of senses of a cue."""

VERB_ACTS: Mapping[str, str] = _invert(_VERB_ACTS)
NOUN_ACTS: Mapping[str, str] = _invert(_NOUN_ACTS)

_ADDRESSING = _words(
    """tell ask inform notify brief assure reassure remind warn caution advise urge beg
    implore exhort order command instruct direct thank congratulate invite counsel alert
    encourage email text message interview quiz grill press promise answer beseech entreat
    teach lecture request"""
)
_TO_ADDRESSING = _words(
    """say write speak talk explain suggest complain confess admit mention report announce
    apologize apologise reply respond convey relay express indicate signal whisper mutter
    shout declare propose recount relate repeat stress emphasize point promise pledge vow
    swear boast brag appeal plead address describe confide communicate reveal disclose
    recommend confirm present tweet acknowledge concede insist hint add"""
)
_INFINITIVE = _words(
    """promise pledge vow threaten refuse decline agree offer urge ask order tell command
    instruct direct beg implore exhort advise encourage request demand invite warn swear
    propose plead appeal press call commit counsel beseech claim volunteer consent
    recommend vow undertake"""
)
_OBJECT = _words(
    """criticize criticise condemn denounce decry slam blast rip lambast lambaste castigate
    rebuke deride mock ridicule assail praise laud hail applaud commend tout extol
    deny dispute refute rebut dismiss endorse oppose propose float announce blame accuse
    acknowledge describe discuss outline detail question reiterate repeat
    echo express voice cite quote mention reference highlight stress emphasize emphasise
    reveal explain predict promise pledge demand request urge recommend
    back reject compare liken
    advocate thank congratulate warn chide scold admit concede lament bemoan
    protest recall recount claim assert allege underscore suggest welcome
    mock taunt credit call label brand dub term deem report declare characterize declare
    tell"""
)
_PREPOSITION = {
    "call": "for on upon out",
    "speak": "about of against out",
    "talk": "about of up",
    "complain": "about of",
    "warn": "of against about on",
    "refer": "to",
    "point": "to out",
    "allude": "to",
    "object": "to",
    "respond": "to",
    "reply": "to",
    "apologize": "for to",
    "apologise": "for to",
    "appeal": "for to",
    "ask": "about for",
    "agree": "with on to",
    "disagree": "with on",
    "comment": "on about",
    "boast": "about of",
    "brag": "about of",
    "joke": "about",
    "rail": "against about",
    "inform": "about of on",
    "insist": "on upon",
    "argue": "for against about",
    "plead": "for with",
    "press": "for on",
    "vow": "to",
    "hint": "at",
    "inquire": "about into",
    "testify": "about to",
    "lash": "out at",
    "touch": "on upon",
    "tweet": "about",
    "write": "about of on to in",
    "protest": "against about",
    "elaborate": "on",
    "remark": "on upon",
    "muse": "about on",
    "brief": "on about",
    "remind": "of about",
    "accuse": "of",
    "question": "about",
    "say": "of about",
    "tell": "of about",
    "advocate": "for",
    "cry": "out",
}
_LABELLING = _words(
    """call label dub term brand deem describe characterize characterise name declare
    pronounce portray depict hail denounce dismiss slam blast praise condemn criticize
    criticise refer cast paint ridicule deride mock decry tout"""
)

_TITLES = _words(
    """mr mrs ms miss mx madame monsieur mme mlle mademoiselle herr frau signor signora signore
    senor senora dr prof sir dame lord lady baroness baron sheikh imam rabbi rev
    reverend father sister brother pope cardinal archbishop bishop king queen prince princess
    emperor sultan president premier chancellor minister secretary senator sen rep
    representative congressman congresswoman congressperson gov governor mayor judge justice
    gen general col colonel maj major capt captain cmdr commander lt lieutenant sgt sergeant
    cpl corporal adm admiral officer detective inspector superintendent chief marshal
    ambassador envoy spokesman spokeswoman spokesperson chairman chairwoman chair chairperson
    director professor doctor coach attorney lawyer sheriff deputy vice prime foreign defence
    defense interior finance justice former ex acting first lady leader candidate nominee
    mp msp mep cllr councillor councilman councilwoman alderman commissioner treasurer comptroller
    coun maitre speaker whip majority minority opposition analyst strategist pollster author actor
    actress activist economist historian editor reporter journalist correspondent columnist host
    anchor moderator manager adviser advisor aide counsel ceo cfo coo founder billionaire
    businessman businesswoman mogul tycoon rival democrat republican democratic gop
    state national senior junior deputy assistant associate executive presidential
    campaign press home shadow labour conservative liberal party u.s us american russian
    british french german turkish chinese israeli iranian ukrainian messrs fellow founder
    co-founder president-elect researcher scientist witness resident driver neighbour
    neighbor student teacher farmer worker veteran police communications hon honourable
    mufti ayatollah cleric pastor priest rapper singer comedian director-general
    secretary-general premier-designate sub-inspector brigadier brig staff constable
    prosecutor sponsor forecaster grandmaster maestro emeritus emerita count countess duke
    duchess earl baron ayatollah"""
)
_GENDER_TITLES = {
    "m": """mr monsieur herr signor signore senor sir lord father brother pope cardinal king
        prince emperor sultan sheikh imam congressman councilman chairman spokesman businessman""",
    "f": """mrs ms miss madame mme mademoiselle mlle frau signora senora dame lady baroness
        sister queen princess congresswoman councilwoman chairwoman spokeswoman businesswoman
        actress""",
}
_GIVEN_NAMES = {
    "m": """james john robert michael william david richard joseph thomas charles christopher
        daniel matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george
        timothy ronald edward jason jeffrey ryan jacob gary nicholas eric jonathan stephen
        larry justin scott brandon benjamin samuel gregory alexander frank patrick raymond jack
        dennis jerry tyler aaron jose adam nathan henry douglas zachary peter kyle noah ethan
        jeremy walter christian keith roger terry austin sean gerald carl harold dylan arthur
        lawrence jordan jesse bryan billy bruce gabriel joe logan alan juan albert willie elijah
        wayne randy vincent mason roy ralph bobby russell bradley philip eugene bill barack
        bernie ted marco mitt jeb chris mike tim jim tom bob dan ben newt rand lindsey rick
        vladimir sergei sergey dmitry mikhail boris nikolai ivan igor oleg viktor yuri andrei
        recep tayyip mevlut mehmet mustafa ahmet ali hasan huseyin ibrahim ismail osman omer
        mahmoud mohammed muhammad mohammad ahmed hassan hussein omar khaled abdullah yasser
        benjamin ehud ariel shimon yitzhak avi moshe pierre francois nicolas jacques
        emmanuel hans klaus gerhard helmut wolfgang frank-walter jens lars anders carlos luis
        jorge pedro miguel hugo fidel raul diego silvio giuseppe matteo marco giovanni mario
        tony gordon nick alistair neil alex ian graham hamid pervez imran asif manmohan
        narendra rahul shinzo junichiro taro xi hu wen li ban kofi nelson jacob robert
        ilham heydar nikol aleksandr alexei anatoly leonid evgeny pavel petr jan vaclav lech
        aleksander viktor karl kurt sebastian fred greg jeff matt josh steve ken ron stan
        doug brad brett chad clint corey derek drew earl ed eddie gene glenn grant harry
        howard hugh ira jay jeremiah johnny jon karl lee leonard lewis louis luke
        marc martin marvin maurice max neil norman oscar otto owen phil pat reince rex rob
        rodney ross rudy rupert sam seth sheldon sherrod sid simon stuart theodore todd
        tommy travis trey victor warren wesley woodrow zac enver salman bashar saad rafik
        fouad nabih walid michel antonio jose felipe enrique evo rafael nicolas lula""",
    "f": """mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy
        betty sandra margaret ashley kimberly emily donna michelle carol amanda melissa deborah
        stephanie dorothy rebecca sharon laura cynthia amy kathleen angela shirley brenda
        emma anna pamela nicole samantha katherine christine helen debra rachel carolyn janet
        maria catherine heather diane olivia julie joyce victoria ruth virginia lauren kelly
        christina joan evelyn judith andrea hannah megan cheryl jacqueline martha madison
        teresa gloria sara janice ann kathryn abigail sophia frances alice judy isabella
        julia grace amber denise danielle marilyn beverly charlotte natalie theresa diana
        brittany doris kayla alexis lori marie hillary chelsea huma condoleezza madeleine
        angela ursula marine segolene christine theresa nicola yvette priti suella liz
        aylin ayse fatma emine meral tansu zeynep elif leyla aisha fatima khadija benazir
        aung indira sonia golda tzipi yulia svetlana olga natalia irina tatiana elena ekaterina
        maria dilma michelle cristina ines carla marta lucia leila mariam gwen elise claire
        carly kellyanne ivanka melania tiffany nikki sarah kamala nancy dianne barbara debbie
        donna elena sonia sandra ruth megyn rachel gayle oprah whoopi ellen martha maggie amy
        kate jen jenny jill kathy katie kristen kirsten loretta lynn maureen meg melinda
        molly monica nina norma pam peggy penny phyllis rhonda rita robin rosa rose sally
        samantha sheila stacy sue susanna tammy tina tracy valerie vanessa wendy winnie yvonne
        deniz lydia mia zoe""",
}
_ROLES = _words(
    """president premier chancellor minister secretary senator representative congressman
    congresswoman governor mayor judge justice general colonel major captain commander
    lieutenant sergeant admiral officer detective inspector superintendent chief marshal
    ambassador envoy spokesman spokeswoman spokesperson chairman chairwoman chair director
    professor doctor coach attorney lawyer sheriff deputy leader candidate nominee mp
    councillor councilman commissioner treasurer speaker analyst strategist pollster author
    actor actress activist economist historian editor reporter journalist correspondent
    columnist host anchor moderator manager adviser advisor aide counsel executive founder
    billionaire businessman businesswoman mogul tycoon rival democrat republican
    conservative lawmaker legislator official diplomat politician king queen prince princess
    pope cardinal bishop archbishop imam rabbi cleric pastor priest researcher scientist
    expert witness resident driver neighbour neighbor student teacher farmer worker veteran
    singer comedian father mother son daughter brother sister husband wife widow uncle aunt
    woman man girl boy lady gentleman victim suspect defendant prosecutor survivor
    frontrunner front-runner incumbent challenger opponent successor predecessor"""
)
_ORGANISATIONS = _words(
    """university college school institute council committee commission ministry department
    agency bureau office party union league association organisation organization federation
    company corporation corp inc ltd group bank fund church court police army navy force
    forces government parliament congress senate house kremlin pentagon embassy directorate
    authority administration service services times post journal news herald tribune
    guardian telegraph press agency reuters network channel radio television tv foundation
    society club team board alliance coalition front movement campaign trust centre center
    hospital museum newspaper magazine website daily gazette kommersant chancellery presidency
    management enforcement secretariat cabinet consulate panel tribunal inspectorate chamber
    confederation guild"""
)
_GENDERED_NOUNS = {
    "m": """man father son brother husband king prince businessman congressman chairman
        spokesman councilman boy gentleman uncle widower pope actor""",
    "f": """woman mother daughter sister wife queen princess businesswoman congresswoman
        chairwoman spokeswoman councilwoman girl lady aunt widow actress""",
}
_PRONOUNS = {
    "m": "he him his himself",
    "f": "she her hers herself",
    "p": "they them their theirs themselves",
    "1": "i me my mine myself we us our ours ourselves",
    "2": "you your yours yourself yourselves",
    "n": "it its itself",
    "r": "who whom whose which that",
}

TABLE = Language(
    code="en",
    abbreviations=_ABBREVIATIONS,
    lower_abbreviations=_words("vs cf viz ca al approx mr mrs ms dr prof st e.g i.e jr sr"),
    final_abbreviations=_FINAL_ABBREVIATIONS,
    sentence_openers=_SENTENCE_OPENERS,
    acts=ACTS,
    verb_acts=VERB_ACTS,
    noun_acts=NOUN_ACTS,
    light_verbs=_words(
        "make issue give offer express voice repeat send raise have hold deliver release"
    ),
    infinitive_acts=_words("refuse promise threaten urge ask order propose"),
    clausal_verbs=_CLAUSAL,
    cue_forms=_IRREGULAR.union(form for verb in _CLAUSAL for form in _forms(verb)),
    lemmas=MappingProxyType({f: verb for verb in VERB_ACTS for f in _forms(verb)}),
    said_it=MappingProxyType({"put": "it"}),
    stance_verbs=_STANCE_VERBS,
    addressing_verbs=_ADDRESSING,
    to_addressing_verbs=_TO_ADDRESSING,
    infinitive_verbs=_INFINITIVE,
    urging_verbs=_words("""urge order call press implore exhort encourage beg instruct command
        direct invite require want beseech entreat"""),
    object_verbs=_OBJECT,
    telling_verbs=_words("tell ask answer advise warn inform remind"),
    told_nouns=_words("story truth lie joke tale secret lies everything anything nothing thing"),
    place_prepositions=_words("at in on during from outside inside via through near after"),
    local_prepositions=_words("at in from outside inside near"),
    circumstance_prepositions=_words(
        "during since after before at on by via through because despite without"
    ),
    occasion_prepositions=_words(
        """at in on during since after before via from through throughout amid over by"""
    ),
    preposition_verbs=MappingProxyType({k: _words(v) for k, v in _PREPOSITION.items()}),
    labelling_verbs=_LABELLING,
    naming_verbs=_words("call name term brand deem label dub"),
    quoting_verbs=_words("quote cite"),
    media_verbs=_words("""use take go write speak appear tweet post phone call issue release
        interrupt pause return continue stand rise join"""),
    outlet_nouns=_words(
        """agency newspaper daily weekly magazine outlet broadcaster channel network website
        paper tabloid"""
    ),
    particle_acts=MappingProxyType(
        {
            "rule out": "deny",
            "call off": "announce",
            "back off": "",
            "back down": "",
            "back out": "",
            "back away": "",
            "back up": "",
        }
    ),
    comparing_verbs=_words("compare liken"),
    refusing_verbs=_words("refuse decline fail avoid stop forget neglect hesitate"),
    showing_verbs=_words("suggest show indicate imply signal reveal prove confirm hint mean"),
    hypothetical_modals=_words("will would shall should may might could can must 'll 'd wo ca"),
    hypothetical_adjectives=_words(
        """about likely unlikely ready set unable able due reluctant afraid unwilling willing
        prepared supposed free eager loath determined keen poised anxious"""
    ),
    conditional_marks=_words("if whether unless"),
    thanking_verbs=_words("thank congratulate"),
    made_plain=_words("clear plain known explicit"),
    firm_adjectives=_words("adamant insistent categorical emphatic unequivocal"),
    stance_adjectives=_words(
        """confident sure certain convinced hopeful optimistic pessimistic worried concerned afraid
        doubtful sceptical skeptical aware unaware glad proud sorry"""
    ),
    negations=_words("not n't n’t never no neither nor nobody none"),
    document_nouns=_words(
        """statement letter report study poll survey document memo release communique readout
        email tweet article editorial account transcript filing lawsuit complaint affidavit
        book interview post message note speech announcement data figures analysis paper"""
    ),
    titles=_TITLES,
    gender_titles=_invert(_GENDER_TITLES),
    given_names=_invert(_GIVEN_NAMES),
    role_nouns=_ROLES,
    organisation_nouns=_ORGANISATIONS,
    gendered_nouns=_invert(_GENDERED_NOUNS),
    person_pronouns=_invert(_PRONOUNS),
    conversation_verbs=_words("speak talk converse telephone phone call meet write"),
    facing_verbs={
        **dict.fromkeys(_words("address brief face telephone phone lecture"), _words("dobj")),
        **dict.fromkeys(_words("speak talk turn write reply respond"), _words("to with")),
        "testify": _words("before to"),
    },
    asking_verbs=_words("ask press question challenge"),
    reply_nouns=_words("reply response answer"),
    occasion_nouns=_words(
        """phone interview conversation call phone-call talk letter message telegram telephone
        dialogue exchange remark comment statement email appearance"""
    ),
    during=_words("in during over by on"),
    remote=_words("phone telephone phone-call video"),
    letter_nouns=_words("letter note email telegram memo message"),
    partner_prepositions=_words("with to"),
    issuing=_words("issue release publish by from of"),
    audience_nouns=_words(
        """reporters journalists reporter press media audience crowd supporters rally lawmakers
        senators congress parliament voters court jury judge police investigators"""
    ),
    months=_words(
        """january february march april may june july august september october november
        december jan feb mar apr jun jul aug sep sept oct nov dec"""
    ),
    days=_words("monday tuesday wednesday thursday friday saturday sunday"),
    time_words=_words(
        """today yesterday tomorrow tonight morning afternoon evening night week month year
        weekend hour day noon midnight minute decade summer winter spring autumn fall"""
    ),
    holidays=_words("christmas easter thanksgiving ramadan passover whitsun halloween"),
    event_nouns=_words(
        """interview speech conference briefing rally debate statement press-conference hearing
        meeting address remarks appearance show podcast event summit call letter tweet post
        column op-ed article email report"""
    ),
    editorial_labels=_words(
        """clarification correction corrections note update updated photo video watch listen
        image credit related editor breaking exclusive analysis opinion verdict result headline
        source sources summary background context disclaimer disclosure warning transcript recording
        episode"""
    ),
    news_agencies=_words(
        """ap afp upi reuters xinhua ani pti ians dpa tass interfax bloomberg cnn efe ansa kyodo
        yonhap aa anadolu dha bbc"""
    ),
    media_nouns=_words("twitter facebook instagram youtube television tv radio online phone"),
    naming=NAMING,
)
