import type { Table } from "../table";

export const so: Table = {
  name: "Kontakt Linköping",
  openChat: "Fur wada sheekaysiga",
  unread: { one: "{count} farriin cusub", other: "{count} farriimood oo cusub" },
  closePanel: "Xir daaqadda wada sheekaysiga",
  language: "Luqad",
  withAssistant: "Waxaad la hadlaysaa kaaliye AI",
  withGuide: "Waxaad la hadlaysaa {name}",
  inQueue: "Waxaad sugaysaa shaqaale ku caawiya",
  ended: "Wada sheekaysigu wuu dhammaaday",

  more: "Doorashooyin kale",
  textSize: "Cabbirka qoraalka",
  textSizes: ["Caadi", "Weyn", "Ugu weyn"],
  download: "Kaydi wada sheekaysiga",
  print: "Daabac wada sheekaysiga",

  privacyHeading: "Inta aanad wax qorin",
  privacy: [
    "Marka hore waxaa jawaabaya kaaliye AI. Wuu khaldami karaa.",
    "Waxa aad qorto waa la kaydiyaa si aan kuu caawinno oo aan u wanaagsanaanno. Shaqaale ayaa akhriyi kara.",
    "Lambarka shakhsiga (personnummer) waa la tirtiraa ka hor inta aan waxba la kaydin. Hase yeeshee ha qorin wax aanad rabin inaad la wadaagto.",
  ],
  greeting: "Salaan! Maxaan kaa caawin karaa?",
  newcomers: "Su'aalaha dadka ku cusub Iswiidhan",
  newcomersHint: "Dooro su'aal si aad jawaab u hesho. Uma baahnid inaad wax qorto.",
  notKept:
    "Barawsarkaagu waxba uma kaydiyo boggan. Haddii aad bogga dib u furto, wada sheekaysigu dib ayuu u bilaabmayaa.",
  tableMissing:
    "Qoraallada luqadda {language} lama soo heli karin. Weli waxaad ku qori kartaa luqaddaada.",

  transcript: "Wada sheekaysiga",
  you: "Adiga",
  byAi: "Waxaa qoray AI",
  byAiApproved: "Waxaa qoray AI, waxaana hubiyay shaqaale",
  system: "Farriin otomaatig ah",
  guide: "Shaqaale",
  guideNamed: "{name}, shaqaale",
  redacted: "Qoraalka waa la tirtiray.",
  suggestions: "Jawaabo la soo jeediyay",
  links: "Xiriiriyeyaal",

  sending: "Waa la dirayaa …",
  retrying: "Weli lama dirin, mar kale ayaan isku dayeynaa …",
  delivered: "Waa la gaarsiiyay",
  failed: "Lama dirin",
  retry: "Mar kale isku day",

  checking: "Shaqaale ayaa jawaabta akhrinaya ka hor inta aanay ku soo gaarin.",
  typingBot: "Kaaliyaha AI wuu qorayaa …",
  typingGuide: "{name} ayaa qoraya …",
  connecting: "Waa la isku xirayaa …",
  offline:
    "Xiriir ma jiro. Mar kale ayaan isku dayeynaa, waxa aad qortona waa la dirayaa marka xiriirku soo noqdo.",

  queuePlace: "Lambarkaaga safka waa {number}.",
  waitMinutes: {
    one: "Sugitaanku waa qiyaastii {count} daqiiqo.",
    other: "Sugitaanku waa qiyaastii {count} daqiiqo.",
  },
  waitRange: {
    one: "Sugitaanku waa qiyaastii {low}–{count} daqiiqo.",
    other: "Sugitaanku waa qiyaastii {low}–{count} daqiiqo.",
  },
  waitUnderMinute: "Sugitaanku wuu ka yar yahay hal daqiiqo.",
  noGuides:
    "Hadda shaqaale ma joogo. Su'aashaada halkan ku qor, waana la akhrin doonaa marka aan soo noqonno. Ma sheegi karno inta ay qaadanayso.",
  closed: "Waxaan furaynaa {day}, saacadda {time}. Su'aashaada halkan ku qor, markaas ayaan kuu jawaabaynaa.",

  askHuman: "Qof la hadal",
  message: "Qor farriin",
  messageHint: "Enter wuu diraa, Shift + Enter wuxuu bilaabaa sadar cusub.",
  send: "Dir",
  charactersLeft: { one: "{count} xaraf ayaa hadhay", other: "{count} xaraf ayaa hadhay" },
  tooLong: {
    one: "Qoraalku {count} xaraf ayuu ka dheer yahay inta la oggol yahay. Ugu badnaan {max} xaraf ayaa mar la diri karaa. Waxba lama tirtirin: soo gaabi ama kala qaybi.",
    other:
      "Qoraalku {count} xaraf ayuu ka dheer yahay inta la oggol yahay. Ugu badnaan {max} xaraf ayaa mar la diri karaa. Waxba lama tirtirin: soo gaabi ama kala qaybi.",
  },
  personnummer:
    "Tani waxay u eg tahay lambarka shakhsiga (personnummer). Waa la tirtiraa ka hor inta aan waxba la kaydin. Uma baahnid inaad halkan ku qorto.",
  noFiles: "Sawirro iyo faylal laguma diri karo halkan. Fadlan ereyo ku sharax.",

  end: "Dhammee",
  endQuestion: "Ma rabtaa inaad dhammayso wada sheekaysiga?",
  endYes: "Haa, dhammee",
  endNo: "Maya, sii wad",

  rateHeading: "Sidee ayaad u aragtay wada sheekaysiga?",
  score: "Qiimayn",
  scoreNames: [
    "1, aad uma qanacsani",
    "2, ma qanacsani",
    "3, dhexdhexaad",
    "4, waan qanacsanahay",
    "5, aad baan u qanacsanahay",
  ],
  scoreLow: "1 = aad uma qanacsani",
  scoreHigh: "5 = aad baan u qanacsanahay",
  resolved: "Ma heshay jawaabta su'aashaada?",
  yes: "Haa",
  no: "Maya",
  comment: "Faallo (haddii aad rabto)",
  sendRating: "Dir qiimaynta",
  scoreMissing: "Dooro qiimayn u dhexeysa 1 ilaa 5.",
  thanks: "Mahadsanid! Jawaabtaadu waxay naga caawinaysaa inaan wanaagsanaanno.",
  newChat: "Bilow wada sheekaysi cusub",

  escalated: {
    asked_for_human: "Waxaad codsatay inaad qof la hadasho. Hadda safka ayaad ku jirtaa.",
    low_confidence: "Kaaliyuhu ma hubo jawaabta. Shaqaale ayaa la wareegaya.",
    not_resolved: "Kaaliyuhu ma sii wadi karin. Shaqaale ayaa la wareegaya.",
    rejected_draft: "Shaqaale ayaa akhriyay su'aashaada oo la wareegaya.",
    draft_timeout: "Jawaabtu aad bay u daahday. Shaqaale ayaa la wareegaya.",
    crisis: "Safka dadka kale ayaad kaga horraysaa.",
    policy: "Su'aashan waxaa ka jawaabaya shaqaale.",
    engine_failure: "Kaaliyuhu hadda ma jawaabi karo. Shaqaale ayaa la wareegaya.",
  },
  claimed: "{name} ayaa la wareegay wada sheekaysiga.",
  released: "Safka ayaad ku soo noqotay, adigaana ugu horreeya.",
  lostConnection:
    "Shaqaaluhu xiriirka ayuu waayay. Safka ayaad ku soo noqotay, adigaana ugu horreeya.",
  transferred: "Waxaa laguu gudbinayaa qof si fiican kuu caawin kara.",
  handedBack: "Kaaliyaha AI ayaa mar kale jawaabaya.",
  closedByCitizen: "Adiga ayaa dhammeeyay wada sheekaysiga.",
  closedByGuide: "Shaqaaluhu wuu dhammeeyay wada sheekaysiga.",
  closedBySystem: "Wada sheekaysigu wuu dhammaaday sababtoo ah lama isticmaalin.",

  errors: {
    already_waiting: "Hore ayaad safka ugu jirtay.",
    choice_unknown: "Doorashadaas ma jirto hadda. Su'aashaada qor.",
    conversation_closed: "Wada sheekaysigu wuu dhammaaday. Mid cusub bilow.",
    conversation_unknown: "Wada sheekaysigu ma jiro hadda. Mid cusub bilow.",
    database_unavailable: "Farriinta lama kaydin karin. Dhawaan ayaan mar kale isku dayi doonnaa.",
    sign_in_required: "Waa inaad mar kale soo gasho si aad shaqaale ahaan ula hadasho.",
    text_empty: "Marka hore wax qor.",
    token_invalid: "Wada sheekaysiga lama sii wadi karin. Mid cusub bilow.",
    too_many_requests: "Dad badan ayaa hadda qoraya. Dhawaan ayaan mar kale isku dayi doonnaa.",
  },
  error: "Khalad ayaa dhinacayaga ka dhacay. Mar kale isku day.",
};
