"""One name in every form that Unicode and Turkish give it, and text that hides something."""

from __future__ import annotations

import itertools
import json
import random
import unicodedata

import pytest

from index import extract_quotes
from index.indexing.build import add
from index.settings import Settings
from index.text.escape import is_hidden
from index.text.folding import fold, folded
from page.escape import shown
from rag import OnRecord

FORMS = ("NFC", "NFD", "NFKC", "NFKD")
GIVEN = "Çağrı Özgür Işıl Şükrü İlgın Ümit Göksel Řehoř Ňuria Đorđe Åsa Łucja Nguyễn Ệlena Jānis Ţepeş Ðagur Œdile Ångel Żaneta".split()
FAMILY = "Güneş Yıldız Şahin Öztürk Dvořák Håkansson Müller Łęcki Trần Ağaoğlu".split()
NAMES = [f"{given} {family}" for given, family in itertools.product(GIVEN, FAMILY)]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Each of 200 people speaks once, the articles in all four forms."""
    folder = tmp_path_factory.mktemp("forms")
    rows = [
        {"id": str(n), "text": unicodedata.normalize(FORMS[n % 4], f"“The bridge is open,” {name} told Edda Lund.")}
        for n, name in enumerate(NAMES)
    ]  # fmt: skip
    (folder / "a.jsonl").write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
    settings = Settings(folder / "index")
    assert add([folder / "a.jsonl"], settings).added == len(NAMES) == 200
    with OnRecord(settings) as bot:
        yield bot, [row["text"] for row in rows]


def test_a_name_is_found_in_any_form_and_shown_in_its_article_s(corpus):
    bot, texts = corpus
    people = [{*bot.reader.directory.find(name).people} for name in NAMES]
    assert sum(map(bool, people)) >= 195  # four given names are none to the parser
    for n, name in enumerate(NAMES):
        for form in FORMS:
            written = unicodedata.normalize(form, name)
            assert {*bot.reader.directory.find(written).people} == people[n], name
    for n in range(0, 200, 7):
        answers = [
            bot.answer(f"what did {unicodedata.normalize(form, NAMES[n])} say?") for form in FORMS
        ]
        assert len({a.text for a in answers}) == 1
        for citation in answers[0].citations:
            assert citation.quote in texts[int(citation.article.id)]


def test_all_forms_of_an_article_give_the_same_quotes():
    """As many, of the same people, at the same letters; every offset in the form as it is."""
    for name in NAMES:
        found = []
        for form in FORMS:
            text = unicodedata.normalize(
                form, f"“The bridge is open,” {name} told Edda Lund in Çan."
            )
            quotes = extract_quotes(text)
            mentions = [m for q in quotes for m in (q.speaker, *q.addressees) if m]
            spans = [s for q in quotes for s in (*q.content, q.sentence)] + [
                m.span for m in mentions
            ]
            found.append(
                (
                    [fold(m.name or "") for m in mentions],
                    [unicodedata.normalize("NFC", s.slice(text)) for s in spans],
                )
            )
            assert all(q.id == f"#q{q.span.start}-{q.span.end}" for q in quotes)
        assert found.count(found[0]) == len(FORMS), name


TURKISH = [
    tuple(pair.split("/"))
    for pair in """İ/i I/ı İstanbul/istanbul İSTANBUL/İstanbul ISPARTA/Isparta ISPARTA/ısparta
    ILGIN/ılgın ILGIN/Ilgın DİYARBAKIR/Diyarbakır DİYARBAKIR/diyarbakır Diyarbakir/Diyarbakır
    IĞDIR/Iğdır IĞDIR/ığdır Igdir/Iğdır ŞIRNAK/Şırnak ŞIRNAK/şırnak Sirnak/Şırnak ERDOĞAN/Erdoğan
    Erdogan/Erdoğan ERDOGAN/Erdoğan İZMİR/İzmir İZMİR/izmir Izmir/İzmir IZMIR/İzmir YILDIZ/Yıldız
    YILDIZ/yıldız Yildiz/Yıldız KILIÇDAROĞLU/Kılıçdaroğlu Kilicdaroglu/Kılıçdaroğlu ÇAĞRI/Çağrı
    Cagri/Çağrı GÜNEŞ/Güneş Gunes/Güneş ÖZGÜR/Özgür Ozgur/Özgür ÇELİK/Çelik CELIK/Çelik
    Celik/Çelik IŞIK/Işık IŞIK/ışık Isik/Işık ŞAHİN/Şahin SAHIN/Şahin Sahin/Şahin İMAMOĞLU/İmamoğlu
    Imamoglu/İmamoğlu imamoglu/İMAMOĞLU AĞRI/Ağrı Agri/Ağrı MUĞLA/Muğla Mugla/Muğla ŞİŞLİ/Şişli
    Sisli/Şişli ÜSKÜDAR/Üsküdar Uskudar/Üsküdar İNÖNÜ/İnönü Inonu/İnönü ATATÜRK/Atatürk
    BABACAN/Babacan HAKAN/hakan""".split()
]


@pytest.mark.parametrize(("one", "other"), TURKISH)
def test_turkish_spellings_are_found(one, other):
    assert fold(one) == fold(other)
    sentence = f"Dün {one} için “İlk adım” denildi."
    at = folded(sentence).text.index(fold(other))
    assert folded(sentence).span(at, at + len(fold(other))).slice(sentence) == one


def test_no_stretch_of_any_text_leads_to_the_wrong_slice():
    """A hundred thousand stretches of random letters of all of Unicode."""
    chance = random.Random(4)
    assert len(TURKISH) == 60
    tried = 0
    while tried < 100_000:
        text = "".join(
            chance.choice("Iİıişğ ’“-ßﬁ")
            if chance.random() < 0.4
            else chr(
                chance.choice((chance.randrange(0x20, 0x600), chance.randrange(0x1E00, 0xD7FF)))
            )
            for _ in range(40)
        )
        found = folded(text)
        assert found.text == fold(text)
        for _ in range(min(40, len(found.text))):
            start = chance.randrange(len(found.text))
            end = chance.randrange(start, len(found.text)) + 1
            tried += 1
            slice_ = found.span(start, end).slice(text)
            assert found.text[start:end].strip() in fold(slice_)


HIDDEN = [
    chr(code)
    for code in (
        *(0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x200B),
        *(0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x00AD, 0x061C, 0x180E, 0x2061),
        *(0x2062, 0x2063, 0x2064, 0xE0001, 0xE0041, 0xE007F, 0x034F, 0x115F, 0x1160, 0x17B4),
        *(0x17B5, 0x3164, 0xFFA0, 0xFE00, 0xFE0E, 0xE0100, 0xFFF9, 0xFFFB, 0x206A, 0x206F),
    )
]


@pytest.mark.parametrize("hidden", HIDDEN, ids=lambda c: f"U+{ord(c):04X}")
def test_what_hides_is_shown_and_hides_no_word_from_a_search(hidden):
    word = f"zyx{hidden}quorvat"
    assert f"[U+{ord(hidden):04X}]" in shown(word)
    assert not any(map(is_hidden, shown(word)))
    assert fold(word) == "zyxquorvat"


def test_there_are_forty_of_them():
    assert len(set(HIDDEN)) == 40
