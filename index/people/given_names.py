"""Whether a given name is a man's or a woman's, as far as lists of given names tell.

The lists are Faker's, of some forty countries that write Latin letters; the language's
own table comes first.  A name that men bear here and women there tells nothing ("Andrea",
"Jean"), unless one country stands against many: to be silent is better than to call a
woman "he".
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib import import_module

from index.lang import language
from index.text.folding import fold

_COUNTRIES = tuple(
    """az_AZ cs_CZ da_DK de_AT de_CH de_DE en_GB en_IE en_IN en_KE en_NG en_NZ en_US es_CL es_CO
    es_ES es_MX fi_FI fr_BE fr_CA fr_FR ga_IE ha_NG hr_HR hu_HU id_ID ig_NG is_IS it_IT lv_LV
    nl_BE nl_NL no_NO pl_PL pt_BR pt_PT ro_RO sk_SK sl_SI sv_SE tr_TR tw_GH uz_UZ yo_NG
    zu_ZA""".split()
)
_MANY = 4  # countries on one side that outweigh one on the other
_SHORTEST = 3  # letters; shorter ones are mostly words or initials


def gender_of(given: str) -> str:
    """Return "m" or "f" for a given name of men or of women, "" for one of both or unknown."""
    folded = fold(given).strip(".,")
    own = language().given_names.get(folded)
    return own if own is not None else _gender_by_name().get(folded, "")


def load_lists() -> None:
    """Read the lists, which takes a fifth of a second."""
    _gender_by_name()


@cache
def _gender_by_name() -> dict[str, str]:
    """Return "m" or "f" for each folded name that only men, or only women, bear.

    The lists of all countries vote: a name is taken where it is listed for one side in more than
    ``_MANY`` times as many countries as for the other.
    """
    votes: dict[str, Counter[str]] = {"m": Counter(), "f": Counter()}
    for country in _COUNTRIES:
        provider = import_module(f"faker.providers.person.{country}").Provider
        men = {fold(n) for n in provider.first_names_male}
        women = {fold(n) for n in provider.first_names_female}
        votes["m"].update(men)
        votes["f"].update(women)
    return {
        name: gender
        for gender, other in (("m", "f"), ("f", "m"))
        for name in votes[gender]
        if votes[gender][name] > _MANY * votes[other][name]
        and len(name) >= _SHORTEST
        and name.isalpha()
    }
