import type { Table } from "../table";

export const pl: Table = {
  name: "Kontakt Linköping",
  openChat: "Otwórz czat",
  unread: {
    one: "{count} nowa wiadomość",
    few: "{count} nowe wiadomości",
    many: "{count} nowych wiadomości",
    other: "{count} nowej wiadomości",
  },
  closePanel: "Zamknij okno czatu",
  language: "Język",
  withAssistant: "Rozmowa z asystentem AI",
  withGuide: "Rozmawia z Państwem {name}",
  inQueue: "Oczekiwanie na doradcę",
  ended: "Czat zakończony",

  more: "Więcej opcji",
  textSize: "Rozmiar tekstu",
  textSizes: ["Zwykły", "Duży", "Największy"],
  download: "Zapisz rozmowę",
  print: "Wydrukuj rozmowę",

  privacyHeading: "Przed napisaniem",
  privacy: [
    "Najpierw odpowiada asystent AI. Może się mylić.",
    "Zapisujemy treść rozmowy, aby móc pomóc i ulepszać naszą pracę. Doradca może czytać czat.",
    "Numery osobowe (personnummer) usuwamy przed zapisaniem. Mimo to prosimy nie pisać tego, czego nie chcą Państwo udostępniać.",
  ],
  greeting: "Dzień dobry! W czym mogę pomóc?",
  newcomers: "Pytania osób nowych w Szwecji",
  newcomersHint: "Proszę wybrać pytanie, aby otrzymać odpowiedź. Nie trzeba nic pisać.",
  notKept:
    "Przeglądarka nie zapisuje niczego dla tej strony. Po jej ponownym załadowaniu czat zacznie się od nowa.",
  tableMissing:
    "Nie udało się pobrać tekstów w języku: {language}. Mimo to można pisać w swoim języku.",

  transcript: "Rozmowa",
  you: "Ja",
  byAi: "Napisane przez AI",
  byAiApproved: "Napisane przez AI, sprawdzone przez doradcę",
  system: "Wiadomość automatyczna",
  guide: "Doradca",
  guideNamed: "{name}, doradca",
  redacted: "Tekst został usunięty.",
  suggestions: "Proponowane odpowiedzi",
  links: "Linki",

  sending: "Wysyłanie …",
  retrying: "Jeszcze nie wysłano, próbujemy ponownie …",
  delivered: "Dostarczono",
  failed: "Nie wysłano",
  retry: "Spróbuj ponownie",

  checking: "Doradca sprawdza odpowiedź, zanim się tu pojawi.",
  typingBot: "Asystent AI pisze …",
  typingGuide: "{name} pisze …",
  connecting: "Łączenie …",
  offline:
    "Brak połączenia. Próbujemy ponownie, a napisany tekst zostanie wysłany po odzyskaniu połączenia.",

  queuePlace: "Miejsce w kolejce: {number}.",
  waitMinutes: {
    one: "Czas oczekiwania to około {count} minuty.",
    few: "Czas oczekiwania to około {count} minut.",
    many: "Czas oczekiwania to około {count} minut.",
    other: "Czas oczekiwania to około {count} minuty.",
  },
  waitRange: {
    one: "Czas oczekiwania to około {low}–{count} minuty.",
    few: "Czas oczekiwania to około {low}–{count} minut.",
    many: "Czas oczekiwania to około {low}–{count} minut.",
    other: "Czas oczekiwania to około {low}–{count} minuty.",
  },
  waitUnderMinute: "Czas oczekiwania to mniej niż minuta.",
  noGuides:
    "Teraz żaden doradca nie jest dostępny. Można tu opisać sprawę, a przeczytamy ją po powrocie. Nie możemy powiedzieć, ile to potrwa.",
  closed: "Otwieramy: {day}, godz. {time}. Proszę opisać sprawę tutaj, a wtedy odpowiemy.",

  askHuman: "Rozmowa z człowiekiem",
  message: "Napisz wiadomość",
  messageHint: "Enter wysyła, Shift + Enter tworzy nowy wiersz.",
  send: "Wyślij",
  charactersLeft: {
    one: "Pozostał {count} znak",
    few: "Pozostały {count} znaki",
    many: "Pozostało {count} znaków",
    other: "Pozostało {count} znaku",
  },
  tooLong: {
    one: "Tekst jest za długi o {count} znak. Naraz można wysłać najwyżej {max}. Nic nie zostało usunięte: proszę skrócić tekst lub go podzielić.",
    few: "Tekst jest za długi o {count} znaki. Naraz można wysłać najwyżej {max}. Nic nie zostało usunięte: proszę skrócić tekst lub go podzielić.",
    many: "Tekst jest za długi o {count} znaków. Naraz można wysłać najwyżej {max}. Nic nie zostało usunięte: proszę skrócić tekst lub go podzielić.",
    other:
      "Tekst jest za długi o {count} znaku. Naraz można wysłać najwyżej {max}. Nic nie zostało usunięte: proszę skrócić tekst lub go podzielić.",
  },
  personnummer:
    "To wygląda na numer osobowy (personnummer). Usuwamy go przed zapisaniem. Nie trzeba go tu podawać.",
  noFiles: "Na czacie nie można wysyłać zdjęć ani plików. Prosimy opisać sprawę słowami.",

  end: "Zakończ",
  endQuestion: "Zakończyć czat?",
  endYes: "Tak, zakończ",
  endNo: "Nie, kontynuuj",

  rateHeading: "Jak oceniają Państwo czat?",
  score: "Ocena",
  scoreNames: [
    "1, bardzo źle",
    "2, źle",
    "3, ani dobrze, ani źle",
    "4, dobrze",
    "5, bardzo dobrze",
  ],
  scoreLow: "1 = bardzo źle",
  scoreHigh: "5 = bardzo dobrze",
  resolved: "Czy udało się uzyskać odpowiedź na pytanie?",
  yes: "Tak",
  no: "Nie",
  comment: "Komentarz (opcjonalnie)",
  sendRating: "Wyślij ocenę",
  scoreMissing: "Proszę wybrać ocenę od 1 do 5.",
  thanks: "Dziękujemy! Ta odpowiedź pomaga nam ulepszać usługi.",
  newChat: "Rozpocznij nowy czat",

  escalated: {
    asked_for_human: "Prośba o rozmowę z człowiekiem została przyjęta. Teraz czekają Państwo w kolejce.",
    low_confidence: "Asystent nie ma pewności co do odpowiedzi. Rozmowę przejmuje doradca.",
    not_resolved: "Asystent nie mógł pomóc. Rozmowę przejmuje doradca.",
    rejected_draft: "Doradca przeczytał pytanie i przejmuje rozmowę.",
    draft_timeout: "Odpowiedź zajęła zbyt dużo czasu. Rozmowę przejmuje doradca.",
    crisis: "Mają Państwo pierwszeństwo w kolejce do doradcy.",
    policy: "Na to pytanie odpowiada doradca.",
    engine_failure: "Asystent nie może teraz odpowiedzieć. Rozmowę przejmuje doradca.",
  },
  claimed: "Czat przejmuje {name}.",
  released: "Są Państwo znowu w kolejce, na pierwszym miejscu.",
  lostConnection:
    "Doradca stracił połączenie. Są Państwo znowu w kolejce, na pierwszym miejscu.",
  transferred: "Łączymy z osobą, która może lepiej pomóc.",
  handedBack: "Znowu odpowiada asystent AI.",
  closedByCitizen: "Czat zakończony przez Państwa.",
  closedByGuide: "Doradca zakończył czat.",
  closedBySystem: "Czat zakończył się, ponieważ nie był używany.",

  errors: {
    already_waiting: "Są już Państwo w kolejce.",
    choice_unknown: "Tej opcji już nie ma. Proszę napisać pytanie.",
    conversation_closed: "Czat został zakończony. Proszę rozpocząć nowy.",
    conversation_unknown: "Ten czat już nie istnieje. Proszę rozpocząć nowy.",
    database_unavailable: "Nie udało się zapisać wiadomości. Wkrótce spróbujemy ponownie.",
    sign_in_required: "Aby rozmawiać jako pracownik, trzeba zalogować się ponownie.",
    text_empty: "Proszę najpierw coś napisać.",
    token_invalid: "Nie udało się wznowić czatu. Proszę rozpocząć nowy.",
    too_many_requests: "Teraz pisze wiele osób. Wkrótce spróbujemy ponownie.",
  },
  error: "Wystąpił błąd po naszej stronie. Proszę spróbować ponownie.",
};
