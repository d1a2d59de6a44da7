import type { Table } from "../table";

export const fi: Table = {
  name: "Kontakt Linköping",
  openChat: "Avaa chat",
  unread: { one: "{count} uusi viesti", other: "{count} uutta viestiä" },
  closePanel: "Sulje chat-ikkuna",
  language: "Kieli",
  withAssistant: "Keskustelette tekoälyavustajan kanssa",
  withGuide: "Keskustelukumppaninne on {name}",
  inQueue: "Odotatte palveluneuvojaa",
  ended: "Keskustelu on päättynyt",

  more: "Lisää valintoja",
  textSize: "Tekstin koko",
  textSizes: ["Tavallinen", "Suuri", "Suurin"],
  download: "Tallenna keskustelu",
  print: "Tulosta keskustelu",

  privacyHeading: "Ennen kuin kirjoitatte",
  privacy: [
    "Ensin vastaa tekoälyavustaja. Se voi erehtyä.",
    "Kirjoittamanne tallennetaan, jotta voimme auttaa teitä ja kehittyä. Palveluneuvoja voi lukea keskustelun.",
    "Henkilötunnukset poistetaan ennen tallentamista. Älkää silti kirjoittako mitään, mitä ette halua jakaa.",
  ],
  greeting: "Hei! Miten voin auttaa?",
  newcomers: "Kysymyksiä Ruotsiin muuttaneille",
  newcomersHint: "Valitkaa kysymys, niin saatte vastauksen. Teidän ei tarvitse kirjoittaa mitään.",
  notKept: "Selaimenne ei tallenna tältä sivulta mitään. Jos lataatte sivun uudelleen, keskustelu alkaa alusta.",
  tableMissing:
    "Tekstejä ei voitu hakea kielellä {language}. Voitte silti kirjoittaa omalla kielellänne.",

  transcript: "Keskustelu",
  you: "Te",
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

  checking: "Palveluneuvoja lukee vastauksen ennen kuin saatte sen.",
  typingBot: "Tekoälyavustaja kirjoittaa …",
  typingGuide: "{name} kirjoittaa …",
  connecting: "Yhdistetään …",
  offline:
    "Ei yhteyttä. Yritämme uudelleen, ja kirjoittamanne lähetetään, kun yhteys palaa.",

  queuePlace: "Olette jonossa sijalla {number}.",
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
    "Juuri nyt yhtään palveluneuvojaa ei ole paikalla. Voitte kirjoittaa asianne tähän, ja se luetaan, kun olemme taas paikalla. Emme osaa sanoa, kauanko se kestää.",
  closed: "Avaamme: {day} klo {time}. Kirjoittakaa asianne tähän, niin vastaamme silloin.",

  askHuman: "Keskustelkaa ihmisen kanssa",
  message: "Kirjoittakaa viesti",
  messageHint: "Enter lähettää, vaihto + Enter tekee uuden rivin.",
  send: "Lähetä",
  charactersLeft: { one: "{count} merkki jäljellä", other: "{count} merkkiä jäljellä" },
  tooLong: {
    one: "Teksti on {count} merkin liian pitkä. Kerralla voi lähettää enintään {max} merkkiä. Mitään ei ole poistettu: lyhentäkää tekstiä tai jakakaa se osiin.",
    other:
      "Teksti on {count} merkkiä liian pitkä. Kerralla voi lähettää enintään {max} merkkiä. Mitään ei ole poistettu: lyhentäkää tekstiä tai jakakaa se osiin.",
  },
  personnummer:
    "Tämä näyttää henkilötunnukselta. Se poistetaan ennen tallentamista. Teidän ei tarvitse kirjoittaa sitä tähän.",
  noFiles: "Kuvia ja tiedostoja ei voi lähettää chatissa. Kuvailkaa asia sanoin.",

  end: "Lopeta",
  endQuestion: "Haluatteko lopettaa keskustelun?",
  endYes: "Kyllä, lopeta",
  endNo: "Ei, jatka keskustelua",

  rateHeading: "Mitä mieltä olitte keskustelusta?",
  score: "Arvosana",
  scoreNames: [
    "1, erittäin tyytymätön",
    "2, tyytymätön",
    "3, ei kumpaakaan",
    "4, tyytyväinen",
    "5, erittäin tyytyväinen",
  ],
  scoreLow: "1 = erittäin tyytymätön",
  scoreHigh: "5 = erittäin tyytyväinen",
  resolved: "Saitteko vastauksen kysymykseenne?",
  yes: "Kyllä",
  no: "Ei",
  comment: "Kommentti (vapaaehtoinen)",
  sendRating: "Lähetä arvosana",
  scoreMissing: "Valitkaa arvosana 1–5.",
  thanks: "Kiitos! Vastauksenne auttaa meitä kehittymään.",
  newChat: "Aloita uusi keskustelu",

  escalated: {
    asked_for_human: "Olette pyytänyt saada keskustella ihmisen kanssa. Olette nyt jonossa.",
    low_confidence: "Avustaja ei ole varma vastauksesta. Palveluneuvoja jatkaa.",
    not_resolved: "Avustaja ei päässyt eteenpäin. Palveluneuvoja jatkaa.",
    rejected_draft: "Palveluneuvoja on lukenut kysymyksenne ja jatkaa.",
    draft_timeout: "Vastaus kesti liian kauan. Palveluneuvoja jatkaa.",
    crisis: "Pääsette jonossa muiden edelle.",
    policy: "Tähän kysymykseen vastaa palveluneuvoja.",
    engine_failure: "Avustaja ei voi vastata juuri nyt. Palveluneuvoja jatkaa.",
  },
  claimed: "{name} jatkaa keskustelua kanssanne.",
  released: "Olette taas jonossa, ensimmäisenä vuorossa.",
  lostConnection:
    "Palveluneuvojan yhteys katkesi. Olette taas jonossa, ensimmäisenä vuorossa.",
  transferred: "Teidät yhdistetään jollekulle, joka voi auttaa paremmin.",
  handedBack: "Tekoälyavustaja vastaa jälleen.",
  closedByCitizen: "Lopetitte keskustelun.",
  closedByGuide: "Palveluneuvoja lopetti keskustelun.",
  closedBySystem: "Keskustelu päättyi, koska sitä ei käytetty.",

  errors: {
    already_waiting: "Olette jo jonossa.",
    choice_unknown: "Valintaa ei enää ole. Kirjoittakaa kysymyksenne.",
    conversation_closed: "Keskustelu on päättynyt. Aloittakaa uusi keskustelu.",
    conversation_unknown: "Keskustelua ei enää ole. Aloittakaa uusi keskustelu.",
    database_unavailable: "Viestiä ei voitu tallentaa. Yritämme pian uudelleen.",
    sign_in_required: "Teidän on kirjauduttava uudelleen keskustellaksenne työntekijänä.",
    text_empty: "Kirjoittakaa ensin jotakin.",
    token_invalid: "Keskustelua ei voitu jatkaa. Aloittakaa uusi keskustelu.",
    too_many_requests: "Juuri nyt moni kirjoittaa. Yritämme pian uudelleen.",
  },
  error: "Meillä tapahtui virhe. Yrittäkää uudelleen.",
};
