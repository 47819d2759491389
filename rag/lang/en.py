"""English: how people ask who said what."""

from __future__ import annotations

from rag.lang import Asking

_STOP = """a about above after again against all also am an and any are as at be because been
before being below between both but by can could did do does doing down during each else ever
few for from further had has have having he her here hers him his how i if in into is it its
itself just let me more most my no nor not now of off on once only or other our out over own per
same she should so some such than that the their them then there these they this those through
to too under until up upon very was we were what when where which while who whom whose why will
with would you your s t re ve ll d m please tell us exactly actually really recently according
""".split()

_FUNCTION = """anything something everything nothing whatever whichever whenever wherever however
without within among amongst toward towards upon via unless although though despite beside besides
beyond onto per than whether yours ours theirs mine myself yourself himself herself ourselves
themselves oneself another others either neither none every several many much yes may might must
shall cannot ain amid onto outside inside across along around behind beneath except like near past
since throughout till unlike versus else thereby therefore hence thus hers one ones""".split()

_SPEECH = """say says said saying tell tells told telling talk talks talked speak speaks spoke
spoken speaking ask asked asks answer answered answers respond responded reply replied remark
remarks remarked comment comments commented state stated statement statements mention mentioned
add added claim claimed think thinks thought believe believes believed argue argued argues
announce announced explain explained words word quote quotes quoted call called describe
described view views opinion position react reacted reaction""".split()

_ASKER = """what who when where which how why whom whose did does do has have had was were is are
can could would""".split()

_MONTHS = """january february march april may june july august september october november
december""".split()

_KIN = """
america american us usa united_states washington pentagon white_house state_department
britain british uk united_kingdom british downing_street london
russia russian kremlin moscow
china chinese beijing
turkey turkish turk ankara
france french paris elysee
germany german berlin
israel israeli jerusalem
palestine palestinian
lebanon lebanese beirut
syria syrian damascus
iran iranian tehran
iraq iraqi baghdad
jordan jordanian amman
egypt egyptian cairo
georgia georgian tbilisi
armenia armenian yerevan
azerbaijan azerbaijani azeri baku
ukraine ukrainian kiev kyiv
poland polish warsaw
spain spanish madrid
italy italian rome
greece greek athens
netherlands dutch
denmark danish
sweden swedish
finland finnish
norway norwegian
switzerland swiss
ireland irish dublin
scotland scottish
wales welsh
zaire zairean zairian congo congolese kinshasa
afghanistan afghan kabul
pakistan pakistani islamabad
india indian
japan japanese tokyo
korea korean seoul pyongyang
philippines filipino philippine manila
thailand thai
new_zealand zealand
australia australian canberra
canada canadian ottawa
mexico mexican
brazil brazilian
serbia serbian serb belgrade
cyprus cypriot
europe european eu
conservative tory
republican gop
labour labor
"""

_SAME_ROLE = {
    "premier": "prime minister",
    "pm": "prime minister",
    "fm": "foreign minister",
    "spokeswoman": "spokesman",
    "spokesperson": "spokesman",
    "chairwoman": "chairman",
    "chairperson": "chairman",
    "chair": "chairman",
    "boss": "chief",
    "ex": "former",
    "head": "chief",
    "director": "chief",
    "ceo": "chief",
    "leader": "chief",
    "monarch": "king",
    "ruler": "president",
    "defence": "defense",
    "sen": "senator",
    "rep": "representative",
    "gov": "governor",
    "prof": "professor",
    "journalist": "reporter",
    "correspondent": "reporter",
    "mp": "lawmaker",
    "mps": "lawmaker",
    "congressman": "lawmaker",
    "congresswoman": "lawmaker",
    "parliamentarian": "lawmaker",
    "lawyer": "attorney",
    "counsel": "attorney",
}

_AUXILIARIES = """did does do has have had is was were are will would can could should might must
didn doesn don hasn haven hadn isn wasn weren aren won wouldn can't couldn didn't doesn't don't
hasn't haven't hadn't isn't wasn't weren't aren't won't wouldn't couldn't""".split()

_ASKS = (
    r"(?:(?:(?:to|with|from|by|on|until|under|in|for)\ )?"
    r"(?:what|who|whom|whose|how|why|when|where|which|whether|if))\b"
)
_NOBODY_ASKED = r"(?!whom\b|who\b|which\b|what\b)"
_SOURCE = (
    r"(?:according\ to(?:\ to)?|per|if\ (?:one|you|we)\ believes?|going\ by"
    r"|in\ the\ (?:words|view|opinion|eyes)\ of)"
)
_OWN_WORDS = r"(?:words|view|opinion|account|telling|eyes|version|reckoning|side)"
_PUT_IT = r"(?:put|puts|sees|saw|tells|told|has)\ it"

ASKING = Asking(
    question_words=(
        r"what|who|whom|whose|how|why|when|where|which|(?:to|with|from|in|on|of)\ (?:whom|what"
        r"|which)|did|does|has|have|was|is"
    ),
    second_question=(
        r",?\s+and\s+(?=(?:what|how|why|who|whom|when|where)\s+(?:did|does|do|has|have|had|is|was"
        r"|were|will|would|about)\b)"
    ),
    leading_words=(
        r"after|before|during|despite|on|in|at|when|while|following|since|ahead|amid|besides"
        r"|apart|as|with|under|from|upon|over|regarding|concerning"
    ),
    source_before=(
        rf"{_SOURCE}\ (?P<a>{_NOBODY_ASKED}[^,]+)"
        rf"|in\ (?P<b>[^,]+?)(?:'s|’s|s['’])\ (?:own\ )?{_OWN_WORDS}"
        rf"|as\ (?P<c>[^,]+?)\ {_PUT_IT}[^,]*"
        rf"|(?P<d>[^,:]+?)(?:'s|’s|s['’])\ (?:own\ )?{_OWN_WORDS}(?=:)"
    ),
    source_behind=(
        rf"{_SOURCE}\ (?P<a>{_NOBODY_ASKED}[^,]+)"
        rf"|(?:in|by)\ (?P<b>[^,]+?)(?:'s|’s|s['’])\ (?:own\ )?{_OWN_WORDS}"
        rf"|as\ (?P<c>[^,]+?)\ {_PUT_IT}"
    ),
    stop_words=frozenset(_STOP),
    function_words=frozenset(_FUNCTION),
    speech_words=frozenset(_SPEECH),
    asker_words=tuple(_ASKER),
    anybody=frozenset(
        """anyone anybody someone somebody everyone everybody people they all who whoever""".split()
    )
    - {"they"},
    pronouns={
        "he": "one",
        "him": "one",
        "his": "one",
        "she": "one",
        "her": "one",
        "hers": "one",
        "they": "any",
        "them": "any",
        "their": "any",
        "it": "thing",
        "its": "thing",
        "that": "thing",
        "this": "thing",
    },
    wrapping=(
        r"^(?:hi|hello|hey|dear\ \w+|good\ (?:morning|evening|day|afternoon)|q(?:uick)?"
        r"\ q(?:uestion)?"
        r"|quick|question|lol|re)\b[\s,.!:–—-]+(?=\w)",
        r"^(?:and|but|so|ok|okay|now|then|well|right|also|exactly|just)[\s,]+(?=\w)",
        r"^(?:please|kindly)[\s,]+",
        rf"^(?:i|we)\b[^,?]*?\b(?:tell|told|know|hear|show|remember|find\ out|wonder\w*|learn"
        rf"|understand"
        rf"|see|curious)(?:\ me|\ us)?\s+(?={_ASKS}|(?:to|the)\b)",
        r"^(?:whether|if)\s+(?=\w)",
        rf"^you\ (?:can|could|would|might|may)\b[^,?]*?(?=\b{_ASKS})",
        r"^if\ (?:you\ would\ be\ so\ kind|you\ (?:don't|do\ not|don’t)\ mind|possible"
        r"|it\ is\ not\ too\ much\ trouble)[\s,]+",
        rf"^(?:can|could|would|will|might|may|please)\ (?:you|i|we|be)\b[^,?]*?(?=\b{_ASKS}"
        rf"|\b(?:everything|all|both|summar\w+|sum\ up|list)\b)",
        r"^(?:tell|show|remind|give|get|find|explain|let|spell\ out|set\ out)(?:\ to|\ for)?"
        r"\ (?:me|us)"
        r"(?:\ of|\ know|\ again)?[\s,]+(?!\w+ed\b)",
        r"^(?:(?:do|does|would)\ (?:you|we|anyone)\ (?:happen\ to\ )?know|is\ it\ known|any\ idea"
        r"|no\ idea)[\s,]+(?:if\ |whether\ )?",
        r"^(?:is|was)\ it\ (?:true|the\ case|right|correct|so)\ that\s+",
        r"^(?:summari[sz]e|sum\ up|recap|list|outline|find|gather|collect|compile|cite|quote|set"
        r"\ out"
        r"|state|trace|contrast|compare|describe|specify|give)"
        r"(?:\ for\ me|\ for\ us|\ me)?\s+(?=\w)",
        r"^(?:(?:a|an|the)\ )?(?:(?:short|brief|quick)\ )?"
        r"(?:summary|recap|overview|gist|list|run\ ?down)\ of\s+",
        r",?\ if\ anything\b,?",
        r",?\ (?:according\ to|in)\ (?:the|this|that|these)\ (?:article|story|text|piece|news)s?\b",
        r",?\ on\ (?:the\ )?record\b",
        r"[\s,?.!]+(?:many\ )?(?:thanks|thank\ you)(?:\ (?:in\ advance|so\ much|very\ much))?$",
        r"[\s,]+(?:please|in\ (?:his|her|their)\ own\ words|lol|or\ (?:what|nah|not)|quick"
        r"|if\ you\ (?:would|could)[^,]*|(?<=,\ )(?:right|correct|eh|huh))$",
    ),
    spellings={
        **dict.fromkeys(("wat", "wht", "wot", "waht"), "what"),
        **dict.fromkeys(("abt", "bout", "abot", "abuot"), "about"),
        **dict.fromkeys(("pls", "plz"), "please"),
        **dict.fromkeys(("thx", "tks", "thnx"), "thanks"),
        **{f"{w}{s}": f"{w} is" for w in ("what", "who", "where", "how") for s in ("s", "'s")},
        **{f"{w}nt": f"{w} not" for w in ("did", "does", "has", "have", "was", "would", "could")},
        **{"wont": "will not", "dont": "do not"},
        **{"u": "you", "ur": "your", "r": "are", "smth": "something", "w/": "with"},
        **{"acc": "according to", "sayin": "saying", "tellin": "telling", "bc": "because"},
    },
    auxiliaries=frozenset(_AUXILIARIES),
    acting_auxiliaries=frozenset("did does do has have had didn doesn don hasn haven".split()),
    passive_auxiliaries=frozenset("is was were are".split()),
    adverbs=(
        r"(?:each|both|also|ever|even|then|reportedly|already|all|been|just|later|publicly|once"
        r"|still"
        r"|actually|really|exactly|first|first of all|then|not|never|so|now|again|always|initially"
        r"|originally|earlier|previously|apparently|recently|ultimately|finally|specifically"
        r"|himself"
        r"|herself|themselves|itself|have to|had to|has to|has|have|had|keep|kept|in fact|say"
        r" (?:that )?"
        r"(?:he|she|they|⟦\d+⟧) (?:would|will)|(?:when|as|while) (?:he|she|they|⟦\d+⟧))"
    ),
    light_verbs=(
        r"(?:make|made|give|gave|given|have|had|offer|offered|issue|issued|raise|raised|voice"
        r"|voiced"
        r"|express|expressed|send|sent|lodge|lodged|deliver|delivered|level|levelled|use|used|put"
        r"|set|lay|take|took|draw|drew|get|find|lend|lends|lent|gives|offers)"
    ),
    wishing_verbs=frozenset("want wish hope expect need seek".split()),
    position_verbs=frozenset(
        """support back oppose reject welcome press push favour favor refuse object condemn
        recognise recognize aim intend plan""".split()
    ),
    position_nouns=frozenset(
        """support backing opposition approval consent objection objections recognition
        blessing""".split()
    ),
    phrasal={
        **dict.fromkeys(("rule out", "back down", "back up", "call off", "hold off"), ""),
        **dict.fromkeys(("give up", "give in", "step down", "walk out", "see eye"), ""),
        **dict.fromkeys(("add up", "hold back", "put off", "put forward", "rule on"), ""),
        **dict.fromkeys(("open up", "point to", "speak up", "sum up", "weigh in"), ""),
        "call on": "urge",
        "call for": "urge",
        "point out": "say",
        "go on": "say",
        "hit back": "answer",
        "speak out against": "oppose",
        "come out against": "oppose",
        "lash out at": "criticise",
    },
    person_nouns=frozenset(
        """woman man lady fellow guy bloke chap boss head gentleman girl boy counterpart colleague
        folk trainer gaffer chairman chairwoman skipper owner analyst maker scientist spokesman
        spokeswoman spokesperson prosecutor investigator witness fisherman goalkeeper keeper
        referee""".split()
    ),
    views=frozenset(
        """view position opinion reaction response comment statement remark words take stance
        message answer account claim line thought feeling attitude verdict side version stand
        reply quote reax stmt""".split()
    ),
    points=frozenset(
        """rebuttal defense defence explanation excuse plan idea assessment reason point case gripe
        theory caveat dig msg forecast beef bet concern evidence condition estimate problem issue
        worry fear quip joke""".split()
    ),
    press_nouns=frozenset(
        """gazette guardian herald journal post press radio telegraph times tribune news television
        tv wire agency newspaper paper broadcaster channel daily magazine network courier bulletin
        observer mail independent star sun echo chronicle mirror bbc cnn afp reuters ap""".split()
    ),
    all_asked=(
        r"\b(?:summar\w+|sum\ up|recap|overview|everything|every\ (?:quote|statement|word)|gist"
        r"|list"
        r"|quotes?\ (?:by|from|of)|all\ (?:that|the\ (?:quotes|statements|things)|quotes"
        r"|statements|of)"
        r"|whatever|(?:anything|what)\ else|gather|collect)\b"
    ),
    confirming=r"^(?:and\ |but\ )?(?:so\b|(?:is|was)\ it\ (?:true|the\ case|right|correct|so)\b)",
    who_says_so=(
        r",?\s+(?:and|or)\s+(?:who\s+(?:says|said)\s+(?:so|that|this|it)|according\s+to\s+whom"
        r"|on\ whose\ authority\b.*)$"
    ),
    cut_short=r"^(?:what\s+)?(?:about|on|of|in|for|at|with|during|over|why|how|not|so)\b\s*",
    help_words=frozenset(
        """hi hello hey hiya yo greetings morning afternoon evening bye goodbye thanks thank cheers
        ta thx ok okay lol haha wow welcome help helpful you your yourself archive bot robot program
        questions queries chatbot site website alright test testing""".split()
    ),
    thanking=frozenset("thanks thank cheers ta thx".split()),
    help_fillers=frozenset(
        """many very mate pal buddy folks everyone spot lovely awesome super thing service
        good day night please great nice cool perfect brilliant pretty lot kind kinds sort
        sorts type types question query ask put answer work tool app machine human ai index support
        use name know hope disturbing sorry well hear test might one anybody anyone someone dear
        much got u ur r s im thats all""".split()
    ),
    addressing=frozenset("you your yours yourself".split()),
    occasions=(
        r"\b(?:(?:earlier|later)\ )?(?:(?:on|during)\ )?(?:that|the\ same|this)\ (?:very\ )?"
        r"(?:day|week|month|year|time|occasion|morning|evening|night)\b"
        r"|\bat\ the\ time\b|\bfor\ (?:his|her|their|its)\ part\b|\bin\ (?:response|reply|return)\b"
        r"|\bin\ (?:his|her|their|its)\ own\ words\b"
        r"|\b(?:in|at|during)\ (?:a|an|his|her|their|its|the)\ (?:\w+\ )?(?:statement|interview"
        r"|speech|remarks|(?:press|news)\ (?:conference|briefing)|tweet|address)\b"
        r"|\b(?:so\ far|recently|lately|earlier|later)\b"
    ),
    exclusions=(
        r"\b(?:apart\ from|other\ than|besides|except(?:\ for)?|in\ addition\ to|aside\ from)\ "
    ),
    changes=(
        r"\bbefore\ and\ after\b|\bover\ (?:time|the\ (?:years|months|weeks))\b"
        r"|\bfirst\ and\ (?:then|later)\b"
    ),
    months={name: number for number, name in enumerate(_MONTHS, 1)}
    | {name[:3]: number for number, name in enumerate(_MONTHS, 1) if name != "may"}
    | {"sept": 9},
    numbers=frozenset(
        """one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty
        ninety hundred thousand million billion trillion dozen half third quarter once twice
        first second""".split()
    ),
    kin={
        word.replace("_", " "): line.split()[0]
        for line in _KIN.strip().splitlines()
        for word in line.split()
    },
    heads=("president", "prime minister", "chancellor"),
    head_words=frozenset("leader head ruler".split()),
    same_role=_SAME_ROLE,
    relatives=frozenset(
        """son daughter wife husband widow widower brother sister father mother parent uncle aunt
        cousin nephew niece friend ally neighbour colleague student boyfriend girlfriend""".split()
    ),
    any_role=frozenset(
        """official politician leader figure representative diplomat authority lawmaker
        expert minister ceo cfo executive author researcher lawyer""".split()
    ),
    answering_verbs=frozenset("react justify defend compare liken rate view weigh".split()),
    past={
        "say": "said",
        "tell": "told",
        "write": "wrote",
        "speak": "spoke",
        "ask": "asked",
    },
    irregular={
        "said": "say",
        "told": "tell",
        "wrote": "write",
        "written": "write",
        "spoke": "speak",
        "spoken": "speak",
        "swore": "swear",
        "sworn": "swear",
        "denied": "deny",
        "thought": "think",
        "replied": "reply",
        "cried": "cry",
        "testified": "testify",
        "implied": "imply",
        "begged": "beg",
        "admitted": "admit",
        "put": "put",
        "gave": "give",
        "given": "give",
        "made": "make",
        "thinks": "think",
        "forecast": "forecast",
        "hit": "hit",
        "shot": "shoot",
        "slammed": "slam",
        "bragged": "brag",
        "rebutted": "rebut",
        "began": "begin",
        "felt": "feel",
        "foresaw": "foresee",
        "found": "find",
        "knew": "know",
        "quoth": "say",
        "taught": "teach",
        "understood": "understand",
        "went": "go",
    },
)
