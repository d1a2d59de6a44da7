import type { Table } from "../table";

export const sv: Table = {
  name: "Kontakt Linköping",
  openChat: "Öppna chatten",
  unread: { one: "{count} nytt meddelande", other: "{count} nya meddelanden" },
  closePanel: "Stäng chattfönstret",
  language: "Språk",
  withAssistant: "Du chattar med en AI-assistent",
  withGuide: "Du chattar med {name}",
  inQueue: "Du väntar på en servicevägledare",
  ended: "Chatten är avslutad",

  more: "Fler val",
  textSize: "Textstorlek",
  textSizes: ["Vanlig", "Stor", "Störst"],
  download: "Spara samtalet",
  print: "Skriv ut samtalet",

  privacyHeading: "Innan du skriver",
  privacy: [
    "En AI-assistent svarar först. Den kan ha fel.",
    "Det du skriver sparas så att vi kan hjälpa dig och bli bättre. En servicevägledare kan läsa chatten.",
    "Personnummer tas bort innan något sparas. Skriv ändå inget som du inte vill dela.",
  ],
  greeting: "Hej! Vad kan jag hjälpa dig med?",
  newcomers: "Frågor för dig som är ny i Sverige",
  newcomersHint: "Välj en fråga så får du svar. Du behöver inte skriva något.",
  notKept: "Din webbläsare sparar inget för den här sidan. Om du laddar om sidan börjar chatten om.",
  tableMissing:
    "Texterna på {language} kunde inte hämtas, så de står på svenska. Du kan ändå skriva på ditt språk.",

  transcript: "Samtalet",
  you: "Du",
  byAi: "Skrivet av AI",
  byAiApproved: "Skrivet av AI, granskat av en servicevägledare",
  system: "Automatiskt meddelande",
  guide: "Servicevägledare",
  guideNamed: "{name}, servicevägledare",
  redacted: "Texten är borttagen.",
  suggestions: "Förslag på svar",
  links: "Länkar",

  sending: "Skickar …",
  retrying: "Inte skickat än, försöker igen …",
  delivered: "Levererat",
  failed: "Inte skickat",
  retry: "Försök igen",

  checking: "En servicevägledare läser svaret innan du får det.",
  typingBot: "AI-assistenten skriver …",
  typingGuide: "{name} skriver …",
  connecting: "Ansluter …",
  offline:
    "Ingen anslutning. Vi försöker igen, och det du skriver skickas när anslutningen är tillbaka.",

  queuePlace: "Du har plats {number} i kön.",
  waitMinutes: {
    one: "Väntetiden är ungefär {count} minut.",
    other: "Väntetiden är ungefär {count} minuter.",
  },
  waitRange: {
    one: "Väntetiden är ungefär {low}–{count} minut.",
    other: "Väntetiden är ungefär {low}–{count} minuter.",
  },
  waitUnderMinute: "Väntetiden är under en minut.",
  noGuides:
    "Just nu är ingen servicevägledare på plats. Skriv gärna ditt ärende här, så läses det när vi är tillbaka. Vi kan inte säga hur lång tid det tar.",

  askHuman: "Prata med en människa",
  message: "Skriv ett meddelande",
  messageHint: "Enter skickar, skift + Enter ger ny rad.",
  send: "Skicka",
  charactersLeft: { one: "{count} tecken kvar", other: "{count} tecken kvar" },
  tooLong: {
    one: "Texten är {count} tecken för lång. Högst {max} tecken kan skickas åt gången. Inget är borttaget: korta texten eller dela upp den.",
    other:
      "Texten är {count} tecken för lång. Högst {max} tecken kan skickas åt gången. Inget är borttaget: korta texten eller dela upp den.",
  },
  personnummer:
    "Det ser ut som ett personnummer. Det tas bort innan något sparas. Du behöver inte skriva det här.",
  noFiles: "Bilder och filer kan inte skickas i chatten. Beskriv gärna med ord.",

  end: "Avsluta",
  endQuestion: "Vill du avsluta chatten?",
  endYes: "Ja, avsluta",
  endNo: "Nej, fortsätt chatta",

  rateHeading: "Vad tyckte du om chatten?",
  score: "Betyg",
  scoreNames: ["1, mycket missnöjd", "2, missnöjd", "3, varken eller", "4, nöjd", "5, mycket nöjd"],
  scoreLow: "1 = mycket missnöjd",
  scoreHigh: "5 = mycket nöjd",
  resolved: "Fick du svar på din fråga?",
  yes: "Ja",
  no: "Nej",
  comment: "Kommentar (frivillig)",
  sendRating: "Skicka betyget",
  scoreMissing: "Välj ett betyg mellan 1 och 5.",
  thanks: "Tack! Ditt svar hjälper oss att bli bättre.",
  newChat: "Starta en ny chatt",

  escalated: {
    asked_for_human: "Du har bett att få prata med en människa. Du står nu i kön.",
    low_confidence: "Assistenten är osäker på svaret. En servicevägledare tar över.",
    not_resolved: "Assistenten kom inte vidare. En servicevägledare tar över.",
    rejected_draft: "En servicevägledare har läst din fråga och tar över.",
    draft_timeout: "Svaret dröjde för länge. En servicevägledare tar över.",
    crisis: "Du går före i kön till en servicevägledare.",
    policy: "Den här frågan besvaras av en servicevägledare.",
    engine_failure: "Assistenten kan inte svara just nu. En servicevägledare tar över.",
  },
  claimed: "{name} har tagit över chatten.",
  released: "Du är tillbaka i kön, först på tur.",
  lostConnection: "Servicevägledaren tappade anslutningen. Du är tillbaka i kön, först på tur.",
  transferred: "Du kopplas vidare till någon som kan hjälpa dig bättre.",
  handedBack: "AI-assistenten svarar igen.",
  closedByCitizen: "Du avslutade chatten.",
  closedByGuide: "Servicevägledaren avslutade chatten.",
  closedBySystem: "Chatten avslutades eftersom den inte användes.",

  errors: {
    already_waiting: "Du står redan i kön.",
    choice_unknown: "Det valet finns inte längre. Skriv din fråga i stället.",
    conversation_closed: "Chatten är avslutad. Starta en ny chatt.",
    conversation_unknown: "Chatten finns inte längre. Starta en ny chatt.",
    database_unavailable: "Meddelandet kunde inte sparas. Vi försöker igen om en stund.",
    sign_in_required: "Du behöver logga in igen för att chatta som medarbetare.",
    text_empty: "Skriv något först.",
    token_invalid: "Chatten gick inte att fortsätta. Starta en ny chatt.",
    too_many_requests: "Många skriver just nu. Vi försöker igen om en stund.",
  },
  error: "Något gick fel hos oss. Försök igen.",
};
