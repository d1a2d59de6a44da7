import type { Table } from "../table";

export const fi: Table = {
  name: "Kontakt Linköping",
  openChat: "Avaa chat",
  unread: { one: "{count} uusi viesti", other: "{count} uutta viestiä" },
  closePanel: "Sulje chat-ikkuna",
  language: "Kieli",
  withAssistant: "Keskustelet tekoälyavustajan kanssa",
  withGuide: "Sinulle vastaa {name}",
  inQueue: "Odotat palveluneuvojaa",
  ended: "Keskustelu on päättynyt",

  more: "Lisää valintoja",
  textSize: "Tekstin koko",
  textSizes: ["Tavallinen", "Suuri", "Suurin"],
  download: "Tallenna keskustelu",
  print: "Tulosta keskustelu",

  privacyHeading: "Ennen kuin kirjoitat",
  privacy: [
    "Ensin vastaa tekoälyavustaja. Se voi erehtyä.",
    "Kirjoittamasi tallennetaan, jotta voimme auttaa sinua ja kehittyä. Palveluneuvoja voi lukea keskustelun.",
    "Henkilötunnukset poistetaan ennen tallentamista. Älä silti kirjoita mitään, mitä et halua jakaa.",
  ],
  greeting: "Hei! Miten voin auttaa?",
  newcomers: "Kysymyksiä Ruotsiin muuttaneille",
  newcomersHint: "Valitse kysymys, niin saat vastauksen. Sinun ei tarvitse kirjoittaa mitään.",
  notKept: "Selaimesi ei tallenna tältä sivulta mitään. Jos lataat sivun uudelleen, keskustelu alkaa alusta.",
  tableMissing:
    "Tekstejä ei voitu hakea kielellä {language}. Voit silti kirjoittaa omalla kielelläsi.",

  transcript: "Keskustelu",
  you: "Sinä",
  byAi: "Tekoälyn kirjoittama",
  byAiApproved: "Tekoälyn kirjoittama, palveluneuvojan tarkistama",
  system: "Automaattinen viesti",
  guide: "Palveluneuvoja",
  guideNamed: "{name}, palveluneuvoja",
  redacted: "Teksti on poistettu.",
  suggestions: "Vastausehdotuksia",
  links: "Linkit",

  sending: "Lähetetään …",
  retrying: "Ei vielä lähetetty, yritetään uudelleen …",
  delivered: "Perillä",
  failed: "Ei lähetetty",
  retry: "Yritä uudelleen",

  checking: "Palveluneuvoja lukee vastauksen, ennen kuin saat sen.",
  typingBot: "Tekoälyavustaja kirjoittaa …",
  typingGuide: "{name} kirjoittaa …",
  connecting: "Yhdistetään …",
  offline:
    "Ei yhteyttä. Yritämme uudelleen, ja kirjoittamasi lähetetään, kun yhteys palaa.",

  queuePlace: "Olet jonossa sijalla {number}.",
  waitMinutes: {
    one: "Odotusaika on noin {count} minuutti.",
    other: "Odotusaika on noin {count} minuuttia.",
  },
  waitRange: {
    one: "Odotusaika on noin {low}–{count} minuutti.",
    other: "Odotusaika on noin {low}–{count} minuuttia.",
  },
  waitUnderMinute: "Odotusaika on alle minuutti.",
  noGuides:
    "Juuri nyt yhtään palveluneuvojaa ei ole paikalla. Voit kirjoittaa asiasi tähän, ja se luetaan, kun olemme taas paikalla. Emme osaa sanoa, kauanko se kestää.",
  closed: "Avaamme: {day} klo {time}. Kirjoita asiasi tähän, niin vastaamme silloin.",

  askHuman: "Keskustele ihmisen kanssa",
  message: "Kirjoita viesti",
  messageHint: "Enter lähettää, vaihto + Enter tekee uuden rivin.",
  send: "Lähetä",
  charactersLeft: { one: "{count} merkki jäljellä", other: "{count} merkkiä jäljellä" },
  tooLong: {
    one: "Teksti on {count} merkin liian pitkä. Kerralla voi lähettää enintään {max} merkkiä. Mitään ei ole poistettu: lyhennä tekstiä tai jaa se osiin.",
    other:
      "Teksti on {count} merkkiä liian pitkä. Kerralla voi lähettää enintään {max} merkkiä. Mitään ei ole poistettu: lyhennä tekstiä tai jaa se osiin.",
  },
  personnummer:
    "Tämä näyttää henkilötunnukselta. Se poistetaan ennen tallentamista. Sinun ei tarvitse kirjoittaa sitä tähän.",
  noFiles: "Kuvia ja tiedostoja ei voi lähettää chatissa. Kuvaile asia sanoin.",

  end: "Lopeta",
  endQuestion: "Haluatko lopettaa keskustelun?",
  endYes: "Kyllä, lopeta",
  endNo: "Ei, jatka keskustelua",

  rateHeading: "Mitä mieltä olit keskustelusta?",
  score: "Arvosana",
  scoreNames: [
    "1, erittäin tyytymätön",
    "2, tyytymätön",
    "3, siltä väliltä",
    "4, tyytyväinen",
    "5, erittäin tyytyväinen",
  ],
  scoreLow: "1 = erittäin tyytymätön",
  scoreHigh: "5 = erittäin tyytyväinen",
  resolved: "Saitko vastauksen kysymykseesi?",
  yes: "Kyllä",
  no: "Ei",
  comment: "Kommentti (vapaaehtoinen)",
  sendRating: "Lähetä arvosana",
  scoreMissing: "Valitse arvosana 1–5.",
  thanks: "Kiitos! Vastauksesi auttaa meitä kehittymään.",
  newChat: "Aloita uusi keskustelu",

  escalated: {
    asked_for_human: "Pyysit saada keskustella ihmisen kanssa. Olet nyt jonossa.",
    low_confidence: "Avustaja ei ole varma vastauksesta. Palveluneuvoja jatkaa.",
    not_resolved: "Avustaja ei päässyt eteenpäin. Palveluneuvoja jatkaa.",
    rejected_draft: "Palveluneuvoja on lukenut kysymyksesi ja jatkaa.",
    draft_timeout: "Vastaus viipyi liian kauan. Palveluneuvoja jatkaa.",
    crisis: "Pääset jonossa muiden edelle.",
    policy: "Tähän kysymykseen vastaa palveluneuvoja.",
    engine_failure: "Avustaja ei voi vastata juuri nyt. Palveluneuvoja jatkaa.",
  },
  claimed: "{name} jatkaa keskustelua kanssasi.",
  released: "Olet taas jonossa, ensimmäisenä vuorossa.",
  lostConnection:
    "Palveluneuvojan yhteys katkesi. Olet taas jonossa, ensimmäisenä vuorossa.",
  transferred: "Sinut yhdistetään jollekulle, joka voi auttaa paremmin.",
  handedBack: "Tekoälyavustaja vastaa jälleen.",
  closedByCitizen: "Lopetit keskustelun.",
  closedByGuide: "Palveluneuvoja lopetti keskustelun.",
  closedBySystem: "Keskustelu päättyi, koska sitä ei käytetty.",

  errors: {
    already_waiting: "Olet jo jonossa.",
    choice_unknown: "Valintaa ei enää ole. Kirjoita kysymyksesi.",
    conversation_closed: "Keskustelu on päättynyt. Aloita uusi keskustelu.",
    conversation_unknown: "Keskustelua ei enää ole. Aloita uusi keskustelu.",
    database_unavailable: "Viestiä ei voitu tallentaa. Yritämme pian uudelleen.",
    sign_in_required: "Sinun on kirjauduttava uudelleen, jos haluat keskustella työntekijänä.",
    text_empty: "Kirjoita ensin jotakin.",
    token_invalid: "Keskustelua ei voitu jatkaa. Aloita uusi keskustelu.",
    too_many_requests: "Juuri nyt moni kirjoittaa. Yritämme pian uudelleen.",
  },
  error: "Meillä tapahtui virhe. Yritä uudelleen.",
};
