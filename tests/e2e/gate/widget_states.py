"""Every state of the widget."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Route

from tests.e2e.gate.stage import (
    ASK,
    DID_YOU_MEAN,
    SERIES_OF_WAITS,
    TO_BE_CHECKED,
    Stage,
    sensitive,
)
from tests.e2e.gate.states import WIDGET, State, Step

NOT_KEPT = "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no'); } });"
NO_DATES = "void (Intl.DateTimeFormat = class { constructor() { throw new RangeError('no'); } })"
WIDGET_STATES: list[State] = []


def state(
    name: str,
    title: str,
    *,
    only_swedish: bool = False,
    renew: Step | None = None,
    closed: bool = False,
) -> Callable[[Step], Step]:
    """Register how a state is reached."""

    def register(reach: Step) -> Step:
        speak = None if only_swedish else Stage.speak
        WIDGET_STATES.append(State(WIDGET, name, f"Chatten: {title}", reach, speak, renew, closed))
        return reach

    return register


def no_answer(route: Route) -> None:
    """Cut the line."""
    route.abort()


def garbage(route: Route) -> None:
    """Answer as something between browser and service might."""
    route.fulfill(status=200, body="<html>hej</html>")


@state("launcher", "knappen som öppnar den")
def _launcher(stage: Stage) -> None:
    stage.visit()
    stage.chat("button.launcher").wait_for()


@state("unread", "stängd med ett nytt meddelande")
def _unread(stage: Stage) -> None:
    stage.open_chat()
    stage.ask()
    stage.ask_for_a_person()
    talk = stage.claim()
    stage.chat("button.close").click()
    stage.room.do(stage.guide.act("reply", talk, text="Hej, hur kan jag hjälpa till?"))
    stage.chat(".unread").wait_for()


@state("intro", "innan man har skrivit")
def _intro(stage: Stage) -> None:
    stage.open_chat()


@state("newcomers", "frågor för dig som är ny i Sverige")
def _newcomers(stage: Stage) -> None:
    stage.open_chat()
    stage.chat("button#newcomers").click()
    stage.chat(".newcomers .choice").first.wait_for()


@state("answer", "ett svar med länk och förslag")
def _answer(stage: Stage) -> None:
    stage.open_chat()
    stage.ask()
    stage.chat(".choices button").first.wait_for()


@state("did-you-mean", "menade du")
def _did_you_mean(stage: Stage) -> None:
    stage.open_chat()
    stage.ask(DID_YOU_MEAN)
    stage.chat(".choices button").nth(2).wait_for()


@state("checking", "en servicevägledare läser svaret först")
def _checking(stage: Stage) -> None:
    stage.answer_with(sensitive)
    stage.open_chat()
    stage.send(TO_BE_CHECKED)
    stage.chat(".status p").get_by_text("läser svaret innan").wait_for()


@state("queue", "kön med plats och väntetid")
def _queue(stage: Stage) -> None:
    stage.page = stage.new_page()
    stage.tell_waits(SERIES_OF_WAITS)
    stage.page.goto(stage.room.url)
    stage.show_chat()
    stage.ask()
    stage.ask_for_a_person()
    stage.chat(".status").get_by_text("Väntetiden är ungefär 3–5 minuter.").wait_for()


@state("after-hours", "kön när det är stängt", closed=True)
def _after_hours(stage: Stage) -> None:
    stage.open_chat()
    stage.ask()
    stage.ask_for_a_person()
    stage.chat(".status").get_by_text("Vi öppnar").wait_for()


@state("danger", "en varning om fara")
def _danger(stage: Stage) -> None:
    stage.open_chat()
    stage.send("Jag vill inte leva längre, jag ska ta livet av mig")
    stage.chat(".message.system").first.wait_for()


def _is_writing(stage: Stage) -> None:
    stage.room.do(stage.guide.send({"type": "typing", "conversation_id": stage.conversation_id()}))
    stage.chat(".typing").wait_for()


@state("guide", "en servicevägledare som skriver", renew=_is_writing)
def _guide(stage: Stage) -> None:
    stage.open_chat()
    stage.ask()
    stage.ask_for_a_person()
    talk = stage.claim()
    stage.room.do(stage.guide.act("reply", talk, text="Hej! Vad vill du bygga?"))
    stage.chat(".message.guide").wait_for()


@state("back-in-queue", "tillbaka i kön")
def _back(stage: Stage) -> None:
    stage.open_chat()
    stage.ask()
    stage.ask_for_a_person()
    talk = stage.conversation_id()
    stage.room.do(stage.guide.act("claim", talk))
    stage.room.do(stage.guide.act("release", talk))
    stage.chat(".turn").nth(2).wait_for()


@state("not-sent", "ett meddelande som inte kunde skickas")
def _not_sent(stage: Stage) -> None:
    stage.open_chat()
    stage.ask()
    stage.send("\u200b\u200b")
    stage.chat(".message .quiet").wait_for()


@state("offline", "utan anslutning")
def _offline(stage: Stage) -> None:
    stage.open_chat()
    stage.meet("conversations", no_answer)
    stage.send(ASK)
    stage.chat(".status p").get_by_text("Ingen anslutning").wait_for()


@state("connecting", "medan den ansluter")
def _connecting(stage: Stage) -> None:
    stage.open_chat()
    stage.meet("conversations", lambda _: None)
    stage.send(ASK)
    stage.chat(".status p").get_by_text("Ansluter").wait_for()


@state("garbage", "ett fel hos oss")
def _garbage(stage: Stage) -> None:
    stage.open_chat()
    stage.meet("conversations", garbage)
    stage.send(ASK)
    stage.chat("[role=alert]").wait_for()


@state("lost", "en chatt som inte kan fortsätta")
def _lost(stage: Stage) -> None:
    stage.open_chat()
    stage.ask()
    stage.keep("conversation", {**stage.kept("conversation"), "token": "stale"})
    stage.page.reload()
    stage.show_chat()
    stage.chat(".footer .secondary").wait_for()


@state("menu-missing", "när nyanländas frågor inte kommer")
def _menu_missing(stage: Stage) -> None:
    stage.open_chat()
    stage.meet("newcomers", lambda route: route.fulfill(status=500, body="{}"))
    stage.chat("button#newcomers").click()
    stage.chat(".newcomers [role=alert]").wait_for()


@state("language-missing", "när ett språk inte kommer", only_swedish=True)
def _language_missing(stage: Stage) -> None:
    stage.open_chat()
    stage.page.route("**/widget/strings/fa-*", garbage)
    stage.chat(".tools select").select_option("fa")
    stage.chat("[role=alert]").wait_for()


@state("not-kept", "när webbläsaren inte sparar något")
def _not_kept(stage: Stage) -> None:
    stage.page = stage.new_page()
    stage.page.add_init_script(NOT_KEPT)
    stage.page.goto(stage.room.url)
    stage.show_chat()


@state("broken", "när den inte kan visas", only_swedish=True)
def _broken(stage: Stage) -> None:
    stage.open_chat()
    stage.page.evaluate(NO_DATES)
    stage.send(ASK)
    stage.chat(".panel > [role=alert]").wait_for()


@state("too-long", "en för lång text")
def _too_long(stage: Stage) -> None:
    stage.open_chat()
    stage.field.fill("å" * 4_100)
    stage.chat("#message-count.problem").wait_for()


@state("personnummer", "ett personnummer som skrivs")
def _personnummer(stage: Stage) -> None:
    stage.open_chat()
    stage.field.fill("Mitt nummer är 811218-9876")
    stage.chat(".composer .notice").wait_for()


@state("file", "en fil som inte kan skickas")
def _file(stage: Stage) -> None:
    stage.open_chat()
    stage.page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(8)], "bild.png", { type: "image/png" }));
          document.querySelector("[data-kontakt-host]").shadowRoot.querySelector("#message").dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
          );
        }"""
    )
    stage.chat(".composer .notice").wait_for()


@state("more", "fler val med störst text")
def _more(stage: Stage) -> None:
    stage.open_chat()
    stage.ask()
    stage.chat("[aria-expanded=false]").first.click()
    stage.chat(".more input").nth(2).check()
    stage.chat(".more button").nth(1).wait_for()


@state("notices", "meddelanden om störningar")
def _notices(stage: Stage) -> None:
    stage.put_up_notices()
    stage.open_chat()
    stage.chat(".notices p").nth(1).wait_for()


@state("confirm-end", "frågan om att avsluta")
def _confirm_end(stage: Stage) -> None:
    stage.open_chat()
    stage.ask()
    stage.chat(".tools button").last.click()
    stage.chat(".confirm").wait_for()


@state("rating", "betyg efter samtalet")
def _rating(stage: Stage) -> None:
    _confirm_end(stage)
    stage.chat(".confirm .primary").click()
    stage.chat(".rating").wait_for()


@state("rating-missing", "betyg som saknas, med kommentar")
def _rating_missing(stage: Stage) -> None:
    _rating(stage)
    stage.chat("#comment").fill("Bra svar.")
    stage.chat(".rating .primary").click()
    stage.chat(".rating [role=alert]").wait_for()


@state("thanks", "tack för betyget")
def _thanks(stage: Stage) -> None:
    _rating(stage)
    stage.chat(".scores input").nth(4).check()
    stage.chat(".rating .primary").click()
    stage.chat(".thanks").wait_for()
