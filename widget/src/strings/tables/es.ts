import type { Table } from "../table";

export const es: Table = {
  name: "Kontakt Linköping",
  openChat: "Abrir el chat",
  unread: {
    one: "{count} mensaje nuevo",
    many: "{count} mensajes nuevos",
    other: "{count} mensajes nuevos",
  },
  closePanel: "Cerrar la ventana del chat",
  language: "Idioma",
  withAssistant: "Está hablando con un asistente de IA",
  withGuide: "Está hablando con {name}",
  inQueue: "Está esperando a un orientador",
  ended: "El chat ha terminado",

  more: "Más opciones",
  textSize: "Tamaño del texto",
  textSizes: ["Normal", "Grande", "El más grande"],
  download: "Guardar la conversación",
  print: "Imprimir la conversación",

  privacyHeading: "Antes de escribir",
  privacy: [
    "Primero responde un asistente de IA. Puede equivocarse.",
    "Lo que escribe se guarda para poder ayudarle y mejorar. Un orientador puede leer el chat.",
    "Los números personales (personnummer) se borran antes de guardar nada. Aun así, no escriba lo que no quiera compartir.",
  ],
  greeting: "¡Hola! ¿En qué puedo ayudarle?",
  newcomers: "Preguntas para quienes acaban de llegar a Suecia",
  newcomersHint: "Elija una pregunta y recibirá la respuesta. No hace falta escribir nada.",
  notKept:
    "Su navegador no guarda nada de esta página. Si la vuelve a cargar, el chat empieza de nuevo.",
  tableMissing:
    "No se pudieron obtener los textos en este idioma: {language}. Aun así, puede escribir en su idioma.",

  transcript: "Conversación",
  you: "Usted",
  byAi: "Escrito por IA",
  byAiApproved: "Escrito por IA, revisado por un orientador",
  system: "Mensaje automático",
  guide: "Orientador",
  guideNamed: "{name}, orientador",
  redacted: "El texto se ha eliminado.",
  suggestions: "Respuestas sugeridas",
  links: "Enlaces",

  sending: "Enviando …",
  retrying: "Aún no enviado, lo intentamos de nuevo …",
  delivered: "Entregado",
  failed: "No enviado",
  retry: "Intentar de nuevo",

  checking: "Un orientador está leyendo la respuesta antes de que la reciba.",
  typingBot: "El asistente de IA está escribiendo …",
  typingGuide: "{name} está escribiendo …",
  connecting: "Conectando …",
  offline:
    "Sin conexión. Lo intentamos de nuevo, y lo que escriba se enviará cuando vuelva la conexión.",

  queuePlace: "Su número en la cola es el {number}.",
  waitMinutes: {
    one: "La espera es de aproximadamente {count} minuto.",
    many: "La espera es de aproximadamente {count} minutos.",
    other: "La espera es de aproximadamente {count} minutos.",
  },
  waitRange: {
    one: "La espera es de aproximadamente {low}–{count} minuto.",
    many: "La espera es de aproximadamente {low}–{count} minutos.",
    other: "La espera es de aproximadamente {low}–{count} minutos.",
  },
  waitUnderMinute: "La espera es de menos de un minuto.",
  noGuides:
    "Ahora mismo no hay ningún orientador. Puede escribir aquí su pregunta y la leeremos cuando volvamos. No podemos decir cuánto tardará.",
  closed: "Abrimos: {day}, a las {time}. Escriba aquí su pregunta y le responderemos entonces.",

  askHuman: "Hablar con una persona",
  message: "Escriba un mensaje",
  messageHint: "Enter envía, Mayús + Enter crea una línea nueva.",
  send: "Enviar",
  charactersLeft: {
    one: "Queda {count} carácter",
    many: "Quedan {count} caracteres",
    other: "Quedan {count} caracteres",
  },
  tooLong: {
    one: "Al texto le sobra {count} carácter. Se pueden enviar como máximo {max} cada vez. No se ha borrado nada: acorte el texto o divídalo.",
    many: "Al texto le sobran {count} caracteres. Se pueden enviar como máximo {max} cada vez. No se ha borrado nada: acorte el texto o divídalo.",
    other:
      "Al texto le sobran {count} caracteres. Se pueden enviar como máximo {max} cada vez. No se ha borrado nada: acorte el texto o divídalo.",
  },
  personnummer:
    "Parece un número personal (personnummer). Se borra antes de guardar nada. No hace falta que lo escriba aquí.",
  noFiles: "En el chat no se pueden enviar imágenes ni archivos. Descríbalo con palabras, por favor.",

  end: "Terminar",
  endQuestion: "¿Quiere terminar el chat?",
  endYes: "Sí, terminar",
  endNo: "No, seguir",

  rateHeading: "¿Qué le ha parecido el chat?",
  score: "Puntuación",
  scoreNames: [
    "1, muy mal",
    "2, mal",
    "3, ni bien ni mal",
    "4, bien",
    "5, muy bien",
  ],
  scoreLow: "1 = muy mal",
  scoreHigh: "5 = muy bien",
  resolved: "¿Ha recibido respuesta a su pregunta?",
  yes: "Sí",
  no: "No",
  comment: "Comentario (opcional)",
  sendRating: "Enviar la puntuación",
  scoreMissing: "Elija una puntuación del 1 al 5.",
  thanks: "¡Gracias! Su respuesta nos ayuda a mejorar.",
  newChat: "Empezar un chat nuevo",

  escalated: {
    asked_for_human: "Ha pedido hablar con una persona. Ahora está en la cola.",
    low_confidence: "El asistente no está seguro de la respuesta. Continúa un orientador.",
    not_resolved: "El asistente no ha podido ayudarle. Continúa un orientador.",
    rejected_draft: "Un orientador ha leído su pregunta y continúa.",
    draft_timeout: "La respuesta ha tardado demasiado. Continúa un orientador.",
    crisis: "Tiene prioridad en la cola para un orientador.",
    policy: "A esta pregunta responde un orientador.",
    engine_failure: "El asistente no puede responder ahora. Continúa un orientador.",
  },
  claimed: "{name} continúa el chat con usted.",
  released: "Está otra vez en la cola, en primer lugar.",
  lostConnection:
    "El orientador perdió la conexión. Está otra vez en la cola, en primer lugar.",
  transferred: "Le pasamos con alguien que puede ayudarle mejor.",
  handedBack: "El asistente de IA vuelve a responder.",
  closedByCitizen: "Ha terminado el chat.",
  closedByGuide: "El orientador ha terminado el chat.",
  closedBySystem: "El chat ha terminado porque no se usaba.",

  errors: {
    already_waiting: "Ya está en la cola.",
    choice_unknown: "Esa opción ya no existe. Escriba su pregunta.",
    conversation_closed: "El chat ha terminado. Empiece un chat nuevo.",
    conversation_unknown: "El chat ya no existe. Empiece un chat nuevo.",
    database_unavailable: "No se pudo guardar el mensaje. Lo intentaremos de nuevo en breve.",
    sign_in_required: "Tiene que iniciar sesión de nuevo para hablar como empleado.",
    text_empty: "Escriba algo primero.",
    token_invalid: "No se pudo reanudar el chat. Empiece un chat nuevo.",
    too_many_requests: "Hay mucha gente escribiendo. Lo intentaremos de nuevo en breve.",
  },
  error: "Ha habido un error por nuestra parte. Inténtelo de nuevo.",
};
