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

_VERBS_TO_MEET = r"(?:speak|talk|meet|write|phone|call|address|reply|respond|turn)"

_VIEWS = (
    r"(?:views?|positions?|opinions?|reactions?|responses?|comments?|statements?|remarks?|words"
    r"|take|stance|messages?|answers?|accounts?|claims?|line)"
)

_AUX = r"(?:did|does|do|has|have|had|is|was|were|are|will|would|can|could|should)"

_NOUN_PHRASE = rf"(?:(?!{_AUX}\b)[\w'’-]+\ ){{1,4}}?"
"""Up to four words before an auxiliary ("what reason did ...", "which two ministers have")."""

_GIVE = (
    r"(?:make|made|give|gave|given|have|had|offer|offered|issue|issued|raise|raised|voice|voiced"
    r"|express|expressed|send|sent|lodge|lodged|deliver|delivered|level|levelled|use|used|put"
    r"|set|lay|take|took|draw|drew|add|get|find|see)"
)

_MEDIUM = (
    r"(?:agency|newspaper|paper|outlet|daily|broadcaster|station|channel|magazine|website|network"
    r"|programme|program|show|radio|wire)"
)

_WORDS = (
    r"(?:statements?|claims?|comments?|remarks?|warnings?|pledges?|promises?|denials?|views?|calls?"
    r"|reactions?|responses?|accusations?|criticism|praise)"
)

_PATTERNS = (
    # One of two
    (
        "who_said",
        r"^(?P<speakers>[^:?]+?\ or\ [^:?]+?)\s*[:,–—]\s*(?:who|which(?:\ (?:one|man|woman))?)"
        r"(?:\ of\ (?:them|the\ two|these))?\ (?:has\ |had\ )?(?P<verb>@SAID)\b\s*(?P<topic>.+)$",
    ),
    (
        "who_said",
        r"^(?:who|which)\ of\ (?P<speakers>[^:?]+?\ (?:and|or)\ [^:?]+?)\ (?:has\ |had\ )?"
        r"(?P<verb>@SAID)\b\s*(?P<topic>.+)$",
    ),
    # How statements differ, or what changed
    (
        "said",
        rf"^(?:how|what)\ (?:did|do|does|have|has|is|are|was|were)\ (?P<speaker>.+?)(?:'s|’s|s['’])"
        rf"\ {_VIEWS}\ (?:on|about|of|regarding|over)\ (?P<topic>.+?)"
        r"\ (?P<change>differ\w*|chang\w+|evolv\w+|compare\w*|develop\w*|vary|contrast\w*)\b.*$",
    ),
    (
        "said",
        r"^how\ (?:did|do|does|have|has)\ (?P<speaker>.+?)\ (?P<change>change|differ|disagree"
        r"|contradict)(?:d|ed|s)?\b(?:\ (?:his|her|its|their|the)\ (?:mind|view|tune|position|story"
        r"|account)s?)?\s*(?:on|about|over|regarding)?\s*(?P<topic>.*)$",
    ),
    # According to whom, and which outlet or body passed words on
    ("according_to", r"^according\ to\ (?:whom|who|which\ \w+|what\ \w+)\s*,?\s*(?P<rest>.+)$"),
    ("according_to", r"^(?P<rest>.+?),?\ according\ to\ (?:whom|who|what\ source|which\ \w+)$"),
    (
        "according_to",
        r"^(?:which|what)\ (?:\w+\ )?(?:agency|newspaper|paper|outlet|daily|broadcaster|station"
        r"|media|source|channel|magazine|website)\ (?:\w+\ )?"
        r"(?:reported|reports|quoted|cited|carried|ran|published|passed\ on|announced|said|says)"
        r"\ (?P<rest>.+)$",
    ),
    ("according_to", r"^who\ (?:reported|reports|relayed|passed\ on|quoted|cited)\ (?P<rest>.+)$"),
    ("according_to", r"^how\ (?:do|did)\ (?:we|you|they)\ know\ (?:that\ )?(?P<rest>.+)$"),
    (
        "according_to",
        rf"^(?:in|on|by|from|to|through)\ (?:which|what)\ (?:\w+\ )?{_MEDIUM}\ {_AUX}\ "
        r"(?P<rest>.+?)"
        r"(?:\ (?:appear|appeared|published|reported|carried|printed|aired|broadcast|made))?$",
    ),
    # When and where
    (
        "when",
        r"^(?:when|(?:on|at|in)\ (?:which|what)\ (?:day|date|month|year|time|occasion)"
        r"|what\ (?:day|date))"
        r"(?:\ and\ (?:where|at\ what\ event|in\ what\ place))?"
        r"\ (?:did|does|do|was|were|has|have|had|is)\ (?P<rest>.+)$",
    ),
    (
        "where",
        r"^(?:where|(?:on|at|in)\ (?:which|what)\ [\w\ ]+?)"
        r"\ (?:did|does|do|was|were|has|have|had|is)\ (?P<rest>.+)$",
    ),
    (
        "phrase",
        r"^what\ (?:(?:is|are|was|were)\ (?:meant\ by\ |the\ meaning\ of\ )?(?P<rest>.+)"
        r"|(?:does|did)\ (?P<other>.+)\ (?:mean|refer\ to|stand\ for))$",
    ),
    # To whom
    (
        "to_whom",
        rf"^(?:to\ whom|with\ whom|who|whom)\ (?:did|has|have|does)\ (?P<speaker>.+?)"
        rf"\ (?:said\ it|say\ (?:that|this|it)|{_VERBS_TO_MEET})\b"
        r"(?:\ (?:to|with))?\s*(?P<topic>.*)$",
    ),
    ("to_whom", r"^who(?:m)?\ did\ (?P<speaker>.+?)\ tell\ (?P<topic>(?:that|about)\b.+)$"),
    # Whose words
    (
        "who_said",
        r"^(?:was|is)\ it\ (?P<speakers>.+?)\ (?:who|that|which)\ (?P<verb>\w+)\ (?P<topic>.+)$",
    ),
    (
        "who_said",
        r"^(?:who\ |(?P<asked>which|what)\ (?P<group>"
        rf"{_NOUN_PHRASE}))(?:else\ |also\ |first\ |has\ |have\ |had\ "
        r"|already\ |since\ |later\ |then\ |once\ |publicly\ )*"
        r"(?P<verb>@SAID)\b\s*(?P<topic>.*)$",
    ),
    (
        "who_said",
        r"^(?P<topic>.*?)[\s,:;–—-]*(?:who|which\ person)\ (?:has\ |had\ )?"
        r"(?P<verb>@SAID)\ (?:that|this|it|so|these\ words|those\ words)$",
    ),
    # What somebody said
    (
        "said",
        r"^(?:who|whom)\ (?:did|does|has|have)\ (?P<speaker>(?!not\b).+?)\ (?P<verb>@SAY)\b\s*"
        r"(?P<topic>(?:not\ to|to|that|about|of|against|for|as|over)\b.+)$",
    ),
    (
        "said",
        rf"^(?:what|which)\ (?P<noun>{_NOUN_PHRASE}){_AUX}\ (?P<speaker>.+?)\ {_GIVE}\b"
        r"\s*(?P<rest>.*)$",
    ),
    (
        "said",
        r"^(?:what|how)\ (?P<speaker>.+?)\ (?:had|has|have)\ to\ (?P<verb>@SAY)\b\s*(?P<rest>.*)$",
    ),
    ("said", r"^what\ was\ (?P<addressee>.+?)\ told(?:\ by\ (?P<speaker>.+?))?$"),
    (
        "said",
        r"^(?:who|whom)\ (?:did|does|has|have)\ (?P<speaker>(?!not\b).+?)\ (?P<verb>@SAY)\b"
        r"\s*(?P<rest>.*)$",
    ),
    (
        "said",
        r"^(?:(?:in\ what\ words|how|why)\ "
        r"|(?:(?:of|for|on|with|to|in|against|about)\ )?(?:what|which|whose)"
        rf"(?:\ else|\ exactly)?\ (?P<noun>{_NOUN_PHRASE})??){_AUX}\ (?P<speaker>.+?)\ "
        r"(?:(?:each|both|also|ever|then|reportedly|already|have\ to|had\ to|all|been|just|later"
        r"|publicly|once|still|actually)\ )*"
        r"(?P<verb>@SAY)\b\s*(?P<rest>.*)$",
    ),
    (
        "said",
        r"^(?:did|has|have|does|was|is|do)\ (?P<speaker>.+?)\ (?:ever\ |really\ )?(?P<verb>@SAY)\b"
        r"\s*(?P<rest>.*)$",
    ),
    (
        "said",
        rf"^(?:what|how)\ (?:does|did|do|is|was)\ (?P<speaker>.+?)(?:'s|’s)\ {_VIEWS}"
        r"\s*(?P<rest>.*)$",
    ),
    (
        "said",
        r"^(?:what\ (?:is|was|were|are)\ )?(?P<speaker>(?!who\b|which\b|what\b).+?)(?:'s|’s)\ "
        rf"{_VIEWS}\s*(?P<rest>.*)$",
    ),
    (
        "said",
        r"^(?:everything|anything|all|whatever)\ (?:that\ )?(?P<speaker>.+?)\ (?:has\ |had\ )?"
        r"(?P<verb>@SAID)\b\s*(?P<rest>.*)$",
    ),
    # As an indirect question: "(tell me) what Reed said about the dam"
    ("said", r"^(?:what|how|why)\ (?P<speaker>.+?)\ (?P<verb>@SAID)\b\s*(?P<rest>.*)$"),
    ("about", r"^(?:and\ )?(?:what|how)\ about\ (?P<speaker>.+)$"),
    (
        "headline",
        r"^(?:quotes?\ |cite\ )?(?P<speaker>[^?]+?)\ (?:on|about|re|regarding)\ (?P<topic>.+)$",
    ),
    (
        "headline",
        r"^(?P<speaker>[^?]+?)\ (?P<verb>said|says|tells|told|to)\b\s*(?P<rest>.*)$",
    ),
    (
        "headline",
        rf"^(?P<speaker>[^?:]+?)(?:'s|’s)?\ {_WORDS}\ (?:on|about|that|over|to|of)\ (?P<rest>.+)$",
    ),
    ("name", r"^(?:and\ )?(?P<speaker>[^?,]+)$"),
    ("headline", r"^(?:quotes?|statements?|words)\ (?:by|from|of)\ (?P<speaker>.+)$"),
    # Anything else that is asked of somebody by name
    (
        "about_somebody",
        r"^(?:(?:of|for|on|with|to|in|against|about|from|at|by)\ )?"
        r"(?:what|which|who|whom|whose|how|why|when|where)"
        rf"(?:\ (?P<noun>{_NOUN_PHRASE})|\ ){_AUX}\ (?P<rest>.+)$",
    ),
)

_NOBODY_ASKED = r"(?!whom\b|who\b|which\b|what\b)"
_OWN_WORDS = r"(?:words|view|opinion|account|telling|eyes|version|reckoning)"
_PUT_IT = r"(?:put|puts|sees|saw|tells|told|has)\ it"

ENGLISH = Asking(
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
        rf"according\ to\ (?P<a>{_NOBODY_ASKED}[^,]+)"
        rf"|in\ (?P<b>[^,]+?)(?:'s|’s|s['’])\ (?:own\ )?{_OWN_WORDS}"
        rf"|as\ (?P<c>[^,]+?)\ {_PUT_IT}[^,]*"
    ),
    source_behind=(
        rf"according\ to\ (?P<a>{_NOBODY_ASKED}[^,]+)"
        rf"|(?:in|by)\ (?P<b>[^,]+?)(?:'s|’s|s['’])\ (?:own\ )?{_OWN_WORDS}"
        rf"|as\ (?P<c>[^,]+?)\ {_PUT_IT}"
    ),
    stop_words=frozenset(_STOP),
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
        r"^(?:hi|hello|hey|dear\ \w+|good\ (?:morning|evening|day))[\s,.!]+",
        r"^(?:and|but|so|ok|okay|now|then|well)[\s,]+(?=\w)",
        r"^(?:please|kindly)[\s,]+",
        r"^i\b[^,?]*?\b(?:tell|know|hear|show|remember|find\ out)(?:\ me|\ us)?\s+"
        r"(?=(?:what|who|whom|how|why|when|where|which|whether|if|to)\b)",
        r"^(?:whether|if)\s+(?=\w)",
        r"^if\ (?:you\ would\ be\ so\ kind|you\ (?:don't|do\ not|don’t)\ mind|possible)[\s,]+",
        r"^(?:can|could|would|will)\ you\ (?:please\ )?(?:kindly\ )?"
        r"(?:tell|show|remind|give)\ (?:me|us)[\s,]+",
        r"^(?:please\ )?(?:tell|show|remind|give)\ (?:me|us)\ (?!\w+ed\b)",
        r"^(?:i\ (?:would|'d|’d)\ (?:like|love)\ to\ know|i\ want\ to\ know|i\ wonder"
        r"|do\ you\ (?:happen\ to\ )?know|any\ idea)[\s,]+(?:if\ )?",
        r"[\s,?.!]+(?:many\ )?(?:thanks|thank\ you)(?:\ (?:in\ advance|so\ much|very\ much))?$",
        r"[\s,]+(?:please|in\ (?:his|her|their)\ own\ words)$",
    ),
    patterns=_PATTERNS,
    topic_markers=(
        r"\b(?:about|on|regarding|concerning|over|of|for|if|when|during|after|before|while|that"
        r"|would|was|were|is|are|should|could|had|has|have|will|until|because|whether|how|why"
        r"|earlier|later|at|in|as|following|ahead|to\ do|to\ be)\b"
    ),
    recipient_markers=r"^(?:to|with)\ ",
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
    },
)
