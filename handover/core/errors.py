"""The one family of errors a person or a client can meet, each with a code, a status and a sentence."""

from __future__ import annotations

from typing import Final


class HandoverError(Exception):
    """A refusal: nothing was changed, and `message` says in Swedish what the person can do."""

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
    "choice_unknown": (409, "Det valet finns inte längre. Skriv din fråga i stället."),
    "conversation_closed": (409, "Samtalet är avslutat. Starta ett nytt samtal."),
    "conversation_unknown": (404, "Samtalet finns inte."),
    "database_unavailable": (503, "Meddelandet kunde inte sparas. Försök igen om en stund."),
    "draft_decided": (409, "En kollega har redan avgjort utkastet."),
    "draft_outdated": (409, "Utkastet gäller inte längre. Samtalet har gått vidare."),
    "draft_timed_out": (409, "Tiden för utkastet gick ut. Samtalet står nu i kön."),
    "draft_unknown": (409, "Utkastet finns inte."),
    "faq_unknown": (404, "Frågan finns inte i tjänstekatalogen."),
    "forbidden": (403, "Du har inte behörighet till detta."),
    "frame_malformed": (400, "Meddelandet gick inte att tolka."),
    "frame_too_large": (413, "Meddelandet är för stort."),
    "frame_unknown": (400, "Okänd typ av meddelande."),
    "guide_unavailable": (409, "Kollegan tar inte emot samtal just nu. Välj någon annan eller ett område."),
    "hello_expected": (400, "Anslutningen måste börja med hello."),
    "id_reused": (409, "Samma id har redan använts för något annat."),
    "internal": (500, "Något gick fel hos oss. Försök igen."),
    "item_unknown": (404, "Svaret finns inte i samtalet."),
    "kept_by_provider": (409, "Kontots roller kommer från kommunens inloggning och ändras där."),
    "label_incomplete": (422, "Välj en fråga, eller skriv ett arbetsnamn för den nya frågan."),
    "label_unknown": (404, "Märkningen finns inte, eller är redan ångrad."),
    "label_used": (409, "Exemplet ligger redan i en ändring. Ta bort det där."),
    "last_admin": (409, "Kontot är det sista som kan hantera konton. Ge någon annan den rollen först."),
    "level_capped": (409, "Tjänsten är känslig. En ledare måste häva spärren innan nivån kan höjas."),
    "level_unchanged": (409, "Nivån är redan den valda."),
    "login_failed": (401, "Fel användarnamn eller lösenord."),
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
    "rating_invalid": (422, "Betyget ska vara mellan 1 och 5."),
    "reason_required": (422, "Skriv varför, så att andra kan förstå ändringen."),
    "review_done": (409, "En kollega har redan bedömt svaret."),
    "service_unknown": (404, "Tjänsten finns inte i katalogen."),
    "sign_in_failed": (401, "Inloggningen gick inte att slutföra. Försök igen."),
    "sign_in_required": (401, "Logga in först."),
    "slow_reader": (503, "Anslutningen hann inte med. Försök igen."),
    "text_empty": (422, "Skriv något först."),
    "text_too_long": (422, "Texten är för lång, högst 4 000 tecken."),
    "token_invalid": (401, "Samtalets nyckel stämmer inte."),
    "too_many_requests": (429, "För många försök. Vänta en stund."),
    "transfer_target_unknown": (422, "Välj en kollega eller ett område att koppla till."),
    "wrong_state": (409, "Det går inte att göra i samtalets nuvarande läge."),
}
