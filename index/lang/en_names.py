"""News English: the words by which people, bodies and documents are named and described."""

from __future__ import annotations

from collections.abc import Mapping

from index.lang import Naming

_COURTESY = frozenset(
    """mr mrs ms miss mx messrs madame monsieur mme mlle mademoiselle herr frau signor signora
    signore senor senora sir dame lord lady""".split()
)

# These stand before a title, not instead of one: "Turkish President X", "Turkish Airlines".
_QUALIFIERS = frozenset(
    """prime foreign defence defense interior finance justice former ex acting first home shadow
    minority opposition state national senior junior deputy assistant associate executive
    presidential campaign press party labour conservative liberal democratic democrat republican
    gop u.s us american russian british french german turkish chinese israeli iranian ukrainian
    fellow rival police communications majority vice""".split()
)

_OCCUPATIONS = frozenset(
    """academic acrobat apprentice archaeologist architect archivist artist astronaut astronomer
    athlete auctioneer baker banker barber barrister bassist beekeeper biologist boatman bookseller
    botanist boxer brewer broker builder butcher campaigner carer carpenter cashier chef chemist
    choreographer clerk climber composer conductor consultant courier critic curator custodian
    cyclist dancer dealer dentist designer developer diver drummer ecologist engineer
    entrepreneur epidemiologist farmer filmmaker firefighter fisherman florist footballer foreman
    forester forward gamer gardener geologist goalkeeper grower guard guide guitarist hairdresser
    historian housekeeper hunter hydrologist innkeeper investor jeweller jockey joiner keeper
    labourer landlord landlady lecturer librarian lifeguard linguist mason master mechanic
    medic merchant meteorologist midfielder midwife miner model musician nanny naturalist
    neurologist novelist nurse nutritionist organiser organizer painter paramedic pharmacist
    philosopher photographer physician physicist pianist pilgrim pilot playwright plumber poet
    potter producer programmer protester psychiatrist psychologist publisher ranger receptionist
    referee rower runner sailor salesman scholar sculptor seamstress shepherd shopkeeper skater
    skipper sniper sociologist soldier solicitor soprano striker surgeon surveyor survivor
    swimmer tailor tenor tourist trader trainer translator trombonist trucker tutor umpire usher
    vet villager violinist volunteer waiter waitress warden watchman weaver winemaker winger
    woodcutter worker writer zoologist cleaner owner boss passenger rescuer shopper pensioner
    retiree graduate organist agent""".split()
)

# Adjectives and inhabitants, each line behind its country.
_NATIONS = """
afghanistan: afghan afghans
albania: albanian albanians
algeria: algerian algerians
argentina: argentine argentinian argentines
armenia: armenian armenians
australia: australian australians aussie
austria: austrian austrians
azerbaijan: azerbaijani azeri azerbaijanis azeris
bahrain: bahraini bahrainis
bangladesh: bangladeshi bangladeshis
belarus: belarusian belarusians
belgium: belgian belgians
bolivia: bolivian bolivians
bosnia: bosnian bosnians
brazil: brazilian brazilians
britain: british briton britons uk
bulgaria: bulgarian bulgarians
cambodia: cambodian cambodians
canada: canadian canadians
chile: chilean chileans
china: chinese
colombia: colombian colombians
congo: congolese
croatia: croatian croatians
cuba: cuban cubans
cyprus: cypriot cypriots
czechia: czech czechs
denmark: danish dane danes
ecuador: ecuadorian ecuadorean
egypt: egyptian egyptians
england: english
eritrea: eritrean eritreans
estonia: estonian estonians
ethiopia: ethiopian ethiopians
finland: finnish finn finns
france: french
georgia: georgian georgians
germany: german germans
ghana: ghanaian ghanaians
greece: greek greeks
haiti: haitian haitians
hungary: hungarian hungarians
iceland: icelandic icelander
india: indian indians
indonesia: indonesian indonesians
iran: iranian iranians
iraq: iraqi iraqis
ireland: irish
israel: israeli israelis
italy: italian italians
jamaica: jamaican jamaicans
japan: japanese
jordan: jordanian jordanians
kazakhstan: kazakh kazakhs
kenya: kenyan kenyans
kosovo: kosovar kosovars
kuwait: kuwaiti kuwaitis
kyrgyzstan: kyrgyz
laos: laotian lao
latvia: latvian latvians
lebanon: lebanese
libya: libyan libyans
lithuania: lithuanian lithuanians
malaysia: malaysian malaysians
mali: malian malians
malta: maltese
mexico: mexican mexicans
moldova: moldovan moldovans
mongolia: mongolian mongolians
montenegro: montenegrin
morocco: moroccan moroccans
myanmar: burmese burma
nepal: nepalese nepali
netherlands: dutch
nicaragua: nicaraguan nicaraguans
nigeria: nigerian nigerians
norway: norwegian norwegians
oman: omani omanis
pakistan: pakistani pakistanis
palestine: palestinian palestinians
panama: panamanian
paraguay: paraguayan
peru: peruvian peruvians
philippines: philippine filipino filipinos
poland: polish pole poles
portugal: portuguese
qatar: qatari qataris
romania: romanian romanians
russia: russian russians
rwanda: rwandan rwandans
saudi: saudi saudis
scotland: scottish scot scots
senegal: senegalese
serbia: serbian serb serbs
singapore: singaporean
slovakia: slovak slovaks
slovenia: slovenian slovene
somalia: somali somalis
spain: spanish spaniard spaniards
sudan: sudanese
sweden: swedish swede swedes
switzerland: swiss
syria: syrian syrians
taiwan: taiwanese
tajikistan: tajik tajiks
tanzania: tanzanian
thailand: thai thais
tunisia: tunisian tunisians
turkey: turkish turk turks turkiye
turkmenistan: turkmen
uganda: ugandan ugandans
ukraine: ukrainian ukrainians
uruguay: uruguayan
usa: american americans u.s us
uzbekistan: uzbek uzbeks
venezuela: venezuelan venezuelans
vietnam: vietnamese
wales: welsh
yemen: yemeni yemenis
zambia: zambian
zimbabwe: zimbabwean
europe: european europeans
africa: african africans
asia: asian asians
"""

_PLACES = frozenset(
    """alabama alaska arizona arkansas california colorado connecticut delaware florida hawaii
    idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan
    minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania
    tennessee texas utah vermont wisconsin wyoming
    london paris berlin moscow ankara istanbul kyiv kiev beijing shanghai tokyo seoul delhi mumbai
    islamabad karachi kabul baghdad tehran damascus beirut jerusalem gaza cairo tripoli tunis
    algiers rabat lagos abuja nairobi kampala johannesburg pretoria harare addis khartoum
    brussels strasbourg geneva zurich vienna prague warsaw budapest bucharest sofia athens rome
    milan madrid barcelona lisbon dublin belfast edinburgh glasgow cardiff manchester liverpool
    birmingham leeds stockholm oslo copenhagen helsinki reykjavik tallinn riga vilnius minsk
    baku yerevan tbilisi sarajevo belgrade zagreb skopje tirana pristina
    washington york chicago boston philadelphia atlanta houston dallas denver seattle detroit
    cleveland miami orlando baltimore phoenix vegas angeles francisco toronto ottawa montreal
    vancouver sydney melbourne brisbane perth canberra auckland wellington havana caracas bogota
    lima santiago brasilia rio hanoi bangkok manila jakarta singapore dubai doha riyadh sanaa
    kashmir chechnya crimea karabakh tibet catalonia siberia bavaria""".split()
)

_GROUPS = frozenset(
    """people person researcher official scientist author critic analyst expert lawyer supporter
    protester demonstrator resident villager worker union striker police officer firefighter
    doctor nurse parent family relative neighbour neighbor witness passenger survivor victim
    student pupil teacher farmer fisherman driver rower skater sailor soldier rebel militant
    minister senator lawmaker legislator mp councillor delegate diplomat ambassador envoy aide
    adviser advisor leader organiser organizer campaigner activist voter republican democrat
    conservative reporter journalist observer inspector investigator detective prosecutor judge
    juror executive director shareholder investor economist engineer pilot owner tenant member
    spokesman spokeswoman spokesperson colleague friend player fan coach artist musician
    brother sister son daughter mother father wife husband child kid man woman boy girl couple
    twin guard captain skipper crew clerk head""".split()
)

_LEADERS = frozenset("president premier chancellor king queen emperor sultan chairman".split())
_LAWMAKERS = frozenset(
    """senator congressman congresswoman representative mp councillor sen rep lawmaker
    legislator deputy""".split()
)

# What a description can say of somebody whose title is another word.
_WIDER: dict[str, frozenset[str]] = {
    "leader": _LEADERS | {"leader", "minister"},
    "ruler": _LEADERS - {"chairman"},
    "monarch": frozenset(("king", "queen", "emperor", "sultan")),
    "premier": frozenset(("premier", "minister")),
    "lawmaker": _LAWMAKERS,
    "legislator": _LAWMAKERS,
    "senator": frozenset(("senator", "sen")),
    "congressman": frozenset(("congressman", "representative", "rep")),
    "congresswoman": frozenset(("congresswoman", "representative", "rep")),
    "governor": frozenset(("governor", "gov")),
    "general": frozenset(("general", "gen")),
    "doctor": frozenset(("doctor", "dr")),
    "professor": frozenset(("professor", "prof")),
    "officer": frozenset(("officer", "constable", "sergeant", "inspector", "detective")),
    "academic": frozenset(("professor", "prof", "lecturer")),
    "businessman": frozenset(("businessman", "billionaire", "tycoon", "mogul")),
}

# Words of a body's name, or of what it is called, by the noun that a text takes it up with.
_BODIES: dict[str, frozenset[str]] = {
    noun: frozenset(words.split())
    for noun, words in {
        "company": """company corporation corp inc ltd plc firm group motors airlines airways
            steel holdings industries maker manufacturer retailer carrier operator telecom""",
        "firm": """company corporation corp inc ltd plc firm group holdings partners""",
        "airline": "airline airlines airways air",
        "bank": "bank banking",
        "ministry": "ministry",
        "department": "department",
        "agency": "agency",
        "committee": "committee",
        "commission": "commission",
        "council": "council",
        "court": "court tribunal",
        "party": "party",
        "union": "union",
        "university": "university college",
        "institute": "institute",
        "association": "association",
        "federation": "federation",
        "foundation": "foundation",
        "organisation": "organisation organization",
        "organization": "organisation organization",
        "directorate": "directorate",
        "authority": "authority",
        "board": "board",
        "bureau": "bureau",
        "newspaper": "newspaper times post journal news herald tribune guardian telegraph gazette "
        "daily courier",
        "paper": "newspaper times post journal herald tribune guardian telegraph gazette",
        "magazine": "magazine",
        "watchdog": "watchdog authority agency",
        "regulator": "regulator authority",
        "charity": "charity foundation trust",
        "team": "team united city rovers club",
        "club": "club united city rovers",
        "hospital": "hospital",
        "museum": "museum",
        "embassy": "embassy",
        "group": "group association alliance coalition front movement network",
    }.items()
}

_DOCUMENTS = (
    frozenset("report study survey poll paper analysis review research".split()),
    frozenset("statement release communique readout announcement".split()),
    frozenset("letter email memo message note".split()),
    frozenset("tweet post".split()),
    frozenset("lawsuit complaint filing affidavit".split()),
    frozenset("article editorial column account".split()),
    frozenset("book".split()),
    frozenset("speech".split()),
)


# By these a person who was just named is called again, for the sake of another word.
_VARIATIONS = frozenset(
    """academic activist actor actress architect artist astronaut astronomer athlete author
    ballerina baritone bassist billionaire biographer biologist boxer businessman businesswoman
    campaigner centenarian chemist choreographer comedian composer critic cyclist dancer defender
    designer dramatist drummer ecologist economist engineer entrepreneur filmmaker footballer
    forward geologist goalkeeper guitarist historian hydrologist jockey lawmaker linguist magnate
    midfielder millionaire mountaineer musician naturalist newcomer novelist octogenarian painter
    philanthropist philosopher photographer physicist pianist playwright poet politician
    politician rapper restaurateur retiree rower runner sailor scholar sculptor singer skater
    skier skipper socialite songwriter soprano sportsman sportswoman sprinter statesman striker
    swimmer teenager tenor trumpeter tycoon veteran violinist winger writer youngster
    zoologist""".split()
)

# Neither people nor bodies nor texts: who said it is somebody else.
_LIFELESS = frozenset(
    """act approach arrival ban bid bill boat bridge building call campaign cancer change clause
    collapse comment cost crash crisis cut dam day deal death delay effect effort election event
    fee figure fire fight game goal idea issue law loss match meeting money move number offer
    pier plan policy practice price problem product programme program project proposal reason
    response result rise road rule scheme season step story strategy strike talk tax
    test thing thought tour train trial trip turnout use victory visit vote war water way weather
    wind word work world year""".split()
)

_PLACE_WORDS = frozenset(
    """new north south east west northern southern eastern western central upper lower great
    greater san santa santo sao saint st los las el la port mount mt lake fort cape isle county
    province state states island islands district region city town territory prefecture valley
    hills beach park bay republic kingdom coast shire parish borough canton d.c""".split()
)

# Of ministries, departments and institutes: two of them make one body's name.
_TOPICS = frozenset(
    """affairs agriculture arts atmospheric business care climate commerce communications
    communities control corrections culture defence defense development disease drug economy
    education emergency employment energy enterprise environment equality families finance
    fisheries food foreign forests forestry fuel health heritage home housing immigration
    industry infrastructure innovation interior justice labour labor lands local management
    media mines mining natural oceanic oceans pensions planning ports prevention protection
    rehabilitation relations research resources roads rural safety science security services
    shipping skills social space sport sports standards statistics technology tourism trade
    transport transportation treasury veterans water waterways welfare wildlife women works
    youth accounts audit railways aviation bridges harbours rivers maritime""".split()
)


def _nations() -> Mapping[str, str]:
    out: dict[str, str] = {}
    for line in _NATIONS.strip().splitlines():
        country, _, words = line.partition(":")
        out |= dict.fromkeys([country, *words.split()], country)
    return out


NAMING = Naming(
    courtesy_titles=_COURTESY,
    title_qualifiers=_QUALIFIERS,
    occupations=_OCCUPATIONS,
    nations=_nations(),
    places=_PLACES | {line.partition(":")[0] for line in _NATIONS.strip().splitlines()},
    people_nouns=_GROUPS,
    wider_roles=_WIDER,
    bodies=_BODIES,
    documents=_DOCUMENTS,
    person_endings=("er", "or", "ist", "ian", "man", "woman", "ant", "ent", "ee", "ess", "ard"),
    lifeless=_LIFELESS,
    lifeless_endings=("tion", "sion", "ness", "ism", "ance", "ence", "ture", "ment"),
    issuing_verbs=frozenset("issue release publish commission write author send sign".split()),
    locating=frozenset("in at near from inside outside around across throughout".split()),
    relatives=frozenset(
        """wife husband son daughter brother sister mother father uncle aunt widow niece nephew
        cousin parents parent child""".split()
    ),
    general_words=frozenset(
        """supreme high central health education trade economy labour transport energy environment
        agriculture external internal security intelligence air royal general upper lower""".split()
    ),
    inverted_bodies=frozenset("ministry department".split()),
    collectives=frozenset("people family couple crew staff public".split()),
    many=frozenset("women men children people students mothers".split()),
    shared_roles=frozenset("owner sponsor rival champion".split()),
    taking_up=frozenset("company firm group bank club team airline charity".split()),
    variations=_VARIATIONS,
    place_words=_PLACE_WORDS,
    societies=frozenset(
        """friends sons daughters mothers fathers parents knights sisters brothers veterans
        residents citizens neighbours neighbors""".split()
    ),
    staff=frozenset("spokesman spokeswoman spokesperson secretary".split()),
    topics=_TOPICS,
)
