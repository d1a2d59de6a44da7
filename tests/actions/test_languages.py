"""Which language a turn is answered in, and which one somebody asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.languages import ANSWERED, Spoken, choose_language, find_asked_language, is_same_language
from catalogue.documents import CORE_LANGUAGES, EASY_SWEDISH, NEWCOMER_LANGUAGES

codes = st.sampled_from([*sorted(ANSWERED), EASY_SWEDISH, "sv-FI", "en-GB", "de", "ru", "tlh"])


def test_languages_with_answers_are_the_catalogues() -> None:
    assert {*CORE_LANGUAGES, *NEWCOMER_LANGUAGES} - {EASY_SWEDISH} == ANSWERED


@pytest.mark.parametrize(
    ("chat", "kept", "written", "spoken"),
    [
        ("sv", None, None, Spoken("sv")),
        ("sv", None, "en", Spoken("en")),
        ("sv", "ar", None, Spoken("ar")),
        ("sv", "ar", "en", Spoken("en")),
        ("en", "ar", "sv", Spoken("sv")),
        (EASY_SWEDISH, None, "sv", Spoken(EASY_SWEDISH)),
        ("en", EASY_SWEDISH, "sv", Spoken(EASY_SWEDISH)),
        (EASY_SWEDISH, "en", "sv", Spoken("sv")),
        ("sv-FI", None, "sv", Spoken("sv-FI")),
        ("sv", None, "de", Spoken("sv", unsupported="de")),
        ("sv", "ar", "de", Spoken("ar", unsupported="de")),
        ("de", None, "de", Spoken("de", unsupported="de")),
    ],
)
def test_reply_is_in_the_language_written_else_the_one_kept_else_the_chats(
    chat: str, kept: str | None, written: str | None, spoken: Spoken
) -> None:
    assert choose_language(chat, kept, written) == spoken


@given(codes, st.none() | codes, st.none() | codes)
def test_language_of_a_reply_is_never_made_up(chat: str, kept: str | None, written: str | None) -> None:
    spoken = choose_language(chat, kept, written)
    assert spoken.language in (written, kept or chat)
    if written in ANSWERED:
        assert is_same_language(spoken.language, written)
        assert spoken.unsupported is None
    else:
        assert spoken == Spoken(kept or chat, unsupported=written)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("sv", "sv", True),
        ("sv", EASY_SWEDISH, True),
        ("en-GB", "en", True),
        ("sv", "so", False),
        ("s", "sv", False),
        ("", "sv", False),
    ],
)
def test_easy_swedish_is_swedish_and_nothing_else_is(one: str, other: str, same: bool) -> None:
    assert is_same_language(one, other) is same
    assert is_same_language(other, one) is same


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kan du svenska?", "sv"),
        ("Swedish, please", "sv"),
        ("ENGELSKA TACK", "en"),
        ("Do you speak English?", "en"),
        ("prata arabiska med mig", "ar"),
        ("ممكن عربي من فضلك", "ar"),
        ("العربية", "ar"),
        ("Ma ku hadli karnaa af Soomaali?", "so"),
        ("somaliska", "so"),
        ("skriv på dari", "fa"),
        ("لطفا به فارسی جواب بدهید", "fa"),
        ("tigrinja", "ti"),
        ("ትግርኛ", "ti"),
        ("Saanko vastauksen suomeksi?", "fi"),
        ("Чи можна українською?", "uk"),
        ("Proszę pisać po polsku", "pl"),
        ("kroatiska går bra", "bs"),
        ("Govorite li srpski?", "bs"),
        ("¿Podemos hablar en español?", "es"),
        ("lätt svenska", EASY_SWEDISH),
        ("kan du skriva lättare svenska?", EASY_SWEDISH),
        ("simple Swedish please", EASY_SWEDISH),
        ("enkel och tydlig svenska", EASY_SWEDISH),
    ],
)
def test_language_is_found_by_what_people_call_it(text: str, code: str) -> None:
    assert find_asked_language(text) == code


@pytest.mark.parametrize(
    "text",
    ["", "byt språk", "kan du japanska?", "svenskar", "finskans", "polskan", "darin", "arabiskan", "englishman", "🙂"],
)
def test_text_that_names_no_language_of_the_catalogue_asks_for_none(text: str) -> None:
    assert find_asked_language(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Jag kan inte bra svenska, kan du skriva engelska?", "en"),
        ("I don't understand Swedish, can you write in English?", "en"),
        ("my swedish is bad so write english to me", "en"),
        ("Min make behärskar inte svenska och vi skulle därför vilja fortsätta samtalet på polska.", "pl"),
    ],
)
def test_language_that_is_not_understood_is_not_the_one_asked_for(text: str, code: str) -> None:
    assert find_asked_language(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("هل يمكن أن نتحدث بالعربية؟", "ar"),
        ("ብትግርኛ ክንዛረብ ንኽእል ዶ?", "ti"),
        ("Voidaanko puhua suomea?", "fi"),
        ("Možemo li pričati na bosanskom?", "bs"),
        ("Vore det möjligt att få svaren på lättläst svenska?", EASY_SWEDISH),
    ],
)
def test_language_is_found_in_the_forms_that_its_speakers_use(text: str, code: str) -> None:
    assert find_asked_language(text) == code
