"""The one family of errors a person or a client can meet, each with a code, a status and a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


class HandoverError(Exception):
    """A refusal: nothing was changed, and `message` says in Swedish what the person can do."""

    #: What else a page may show of it, for refusals that know more.
    facts: Mapping[str, str | int] | None = None

    def __init__(self, code: str, detail: str | None = None, said: str | None = None) -> None:
        """Build the error named `code` in `CATALOGUE`.

        `detail` is for logs and never holds message text; `said` is told in place of the catalogue's sentence.
        """
        status, message = CATALOGUE[code]
        super().__init__(code if detail is None else f"{code}: {detail}")
        self.code = code
        self.status = status
        self.message = said or message


#: code -> (HTTP status, sentence for a person). `docs/protocol.md` shows the same table; a test keeps them in step.
CATALOGUE: Final[dict[str, tuple[int, str]]] = {
    "account_unknown": (404, "Kontot finns inte."),
    "after_in_future": (409, "Klienten ligger före samtalet. Hämta samtalet från början."),
    "already_claimed": (409, "Samtalet har redan tagits av en kollega."),
    "already_waiting": (409, "Samtalet står redan i kön."),
    "bad_request": (400, "Begäran gick inte att förstå."),
    "bounds_invalid": (422, "Golvet får inte ligga över målet, och målet måste vara under 100 %."),
    "capacity_reached": (
        409,
        "Du har redan så många samtal som du kan ha samtidigt. Avsluta eller lämna över ett först.",
    ),
    "change_set_busy": (409, "Ändringspaketet tränas just nu. Vänta tills träningen är klar."),
    "change_set_clash": (
        409,
        "Samma rader har ändrats i det som är i drift. Öppna ett nytt ändringspaket och gör om ändringen där.",
    ),
    "change_set_closed": (409, "Ändringspaketet är avslutat. Öppna ett nytt."),
    "change_set_unknown": (404, "Ändringspaketet finns inte."),
    "changes_unavailable": (
        503,
        "Ändringen kunde inte sparas, kanske för att disken är full. Det som redan är sparat finns kvar. Försök igen.",
    ),
    "check_unavailable": (503, "Kontrollen kunde inte köras. Försök igen om en stund."),
    "choice_unknown": (409, "Det valet finns inte längre. Skriv din fråga i stället."),
    "content_broken": (409, "Filen går inte att läsa. Rätta den i datamappen först."),
    "conversation_closed": (409, "Samtalet är avslutat. Starta ett nytt samtal."),
    "conversation_unknown": (404, "Samtalet finns inte."),
    "database_unavailable": (503, "Meddelandet kunde inte sparas. Försök igen om en stund."),
    "draft_decided": (409, "En kollega har redan avgjort utkastet."),
    "draft_outdated": (409, "Utkastet gäller inte längre. Samtalet har gått vidare."),
    "draft_timed_out": (409, "Tiden för utkastet gick ut. Samtalet står nu i kön."),
    "draft_unknown": (409, "Utkastet finns inte."),
    "edit_conflict": (
        409,
        "Någon annan har ändrat samma text. Inget sparades; se vad som står där nu och gör om din ändring.",
    ),
    "engine_unavailable": (503, "Assistentens motor svarar inte just nu. Försök igen om en stund."),
    "example_exists": (409, "Exemplet finns redan."),
    "example_invalid": (
        422,
        "Skriv exemplet som en enda mening utan parenteser, högst 600 tecken, och börja inte med ett streck.",
    ),
    "example_personal_data": (422, "Exemplet innehåller personuppgifter. Skriv om det utan dem."),
    "faq_exists": (409, "Det finns redan en fråga med det id:t."),
    "faq_unknown": (404, "Frågan finns inte i tjänstekatalogen."),
    "forbidden": (403, "Du har inte behörighet till detta."),
    "frame_malformed": (400, "Meddelandet gick inte att tolka."),
    "frame_too_large": (413, "Meddelandet är för stort."),
    "frame_unknown": (400, "Okänd typ av meddelande."),
    "gate_closed": (409, "Modellen klarar inte kraven. En ledare kan sätta den i drift ändå och skriver då varför."),
    "guide_unavailable": (409, "Kollegan tar inte emot samtal just nu. Välj någon annan eller ett område."),
    "hello_expected": (400, "Anslutningen måste börja med hello."),
    "id_reused": (409, "Samma id har redan använts för något annat."),
    "import_invalid": (422, "Filen kan inte läsas in. Inget ändrades."),
    "intent_renamed": (409, "Frågan har fått ett nytt id. Öppna den på nytt."),
    "intent_unknown": (404, "Frågan finns inte i ändringspaketet."),
    "internal": (500, "Något gick fel hos oss. Försök igen."),
    "item_unknown": (404, "Svaret finns inte i samtalet."),
    "keeper_missing": (409, "Här startas motorerna för hand. Modeller kan inte bytas från sidan."),
    "keeper_unavailable": (503, "Tjänsten som tränar modeller svarar inte just nu. Försök igen om en stund."),
    "kept_by_provider": (409, "Kontots roller kommer från kommunens inloggning och ändras där."),
    "label_incomplete": (422, "Välj en fråga, eller skriv ett arbetsnamn för den nya frågan."),
    "label_unknown": (404, "Märkningen finns inte, eller är redan ångrad."),
    "label_used": (409, "Exemplet ligger redan i en ändring. Ta bort det där."),
    "last_admin": (409, "Kontot är det sista som kan hantera konton. Ge någon annan den rollen först."),
    "last_faq": (409, "Det är tjänstens enda fråga. En tjänst måste ha minst en."),
    "level_capped": (409, "Tjänsten är känslig. En ledare måste häva spärren innan nivån kan höjas."),
    "level_unchanged": (409, "Nivån är redan den valda."),
    "login_failed": (401, "Fel användarnamn eller lösenord."),
    "model_in_service": (409, "Modellen är redan i drift."),
    "model_never_served": (409, "Modellen har inte varit i drift. Sätt den i drift i stället."),
    "model_unknown": (404, "Modellen finns inte, eller är inte sparad längre."),
    "miss_held": (409, "En kollega tittar på texten just nu."),
    "miss_labelled": (409, "En kollega har redan märkt texten."),
    "miss_unknown": (404, "Texten finns inte kvar i inkorgen."),
    "not_found": (404, "Sidan eller adressen finns inte."),
    "not_ready": (409, "Bedömningarna räcker inte för den nivån."),
    "not_owner": (409, "Du har inte hand om samtalet."),
    "notice_period_invalid": (422, "Sluttiden måste ligga efter starttiden och i framtiden, högst ett år bort."),
    "notice_too_long": (422, "Meddelandet är för långt, högst 500 tecken."),
    "notice_unknown": (404, "Meddelandet finns inte."),
    "notices_full": (409, "Fem meddelanden visas redan eller är på väg. Ta bort ett först."),
    "origin_refused": (403, "Sidan får inte ansluta hit."),
    "own_account": (409, "Du kan inte stänga av ditt eget konto. Be en annan administratör."),
    "password_sign_in_off": (403, "Här loggar du in med kommunens inloggning, inte med lösenord."),
    "provider_unavailable": (503, "Kommunens inloggning svarar inte just nu. Försök igen om en stund."),
    "question_exists": (409, "Provfrågan finns redan."),
    "question_must_catch": (422, "Bara ett rop på hjälp kan märkas som ett som ingen modell får missa."),
    "question_personal_data": (422, "Provfrågan innehåller personuppgifter. Skriv om den utan dem."),
    "question_too_long": (422, "Provfrågan är för lång, högst 600 tecken."),
    "question_trained": (409, "Provfrågan är ett exempel som assistenten tränas på, och prövar då ingenting."),
    "rating_invalid": (422, "Betyget ska vara mellan 1 och 5."),
    "reason_required": (422, "Skriv varför, så att andra kan förstå ändringen."),
    "review_done": (409, "En kollega har redan bedömt svaret."),
    "service_unknown": (404, "Tjänsten finns inte i katalogen."),
    "sign_in_failed": (401, "Inloggningen gick inte att slutföra. Försök igen."),
    "sign_in_required": (401, "Logga in först."),
    "slow_reader": (503, "Anslutningen hann inte med. Försök igen."),
    "swap_under_way": (409, "Ett byte av modell pågår redan. Vänta tills det är klart."),
    "text_empty": (422, "Skriv något först."),
    "text_too_long": (422, "Texten är för lång, högst 4 000 tecken."),
    "token_invalid": (401, "Samtalets nyckel stämmer inte."),
    "too_many_requests": (429, "För många försök. Vänta en stund."),
    "training_not_judged": (409, "Modellen är inte bedömd än, eller blev inte klar."),
    "training_not_started": (
        503,
        "Träningen kunde inte startas, kanske för att disken är full. Ändringspaketet finns kvar. Försök igen.",
    ),
    "training_running": (409, "En annan träning pågår. Vänta tills den är klar."),
    "training_unknown": (404, "Träningen finns inte, eller är inte sparad längre."),
    "transfer_target_unknown": (422, "Välj en kollega eller ett område att koppla till."),
    "wrong_state": (409, "Det går inte att göra i samtalets nuvarande läge."),
}
