import type { CatalogueCard } from "@wire/protocol";
import { safeLinks } from "@wire/links";
import { useKnown, type Knowledge } from "../knowledge";
import { sv } from "../strings/sv";
import { FaqView } from "./faq";
import { Fold } from "./fold";
import { ProblemOf } from "./known";

interface Props {
  knowledge: Knowledge;
  service: string;
  language: string;
  insert: ((text: string) => void) | null;
}

/** The catalogue's page of the service that a conversation is about, with its questions. */
export function ServiceCardView({ knowledge, service, language, insert }: Props) {
  const path = `catalogue/services/${encodeURIComponent(service)}`;
  const known = useKnown<CatalogueCard>(knowledge, path, { language });
  const card = known.answer;
  if (card === null) {
    return known.problem === "" ? null : <ProblemOf known={known} />;
  }
  const links = safeLinks(
    card.links.flatMap(({ title, url }) => (url ? [{ title: title.text, url }] : [])),
  );
  return (
    <Fold title={card.name.text}>
      {card.sensitive && <p class="mark">{sv.sensitive}</p>}
      <p lang={card.description.language}>{card.description.text}</p>
      <dl class="contact">
        <div>
          <dt>{sv.provider}</dt>
          <dd>{card.provider}</dd>
        </div>
        {card.opening_hours && (
          <div>
            <dt>{sv.openingHours}</dt>
            <dd>{card.opening_hours.text}</dd>
          </div>
        )}
        {card.contact.map(({ channel, text }) => (
          <div key={channel + text}>
            <dt>{sv.channels[channel] ?? channel}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        {card.offers.map(({ id, name, price }) => (
          <div key={id}>
            <dt>{name.text}</dt>
            <dd>{price}</dd>
          </div>
        ))}
      </dl>
      {links.length > 0 && (
        <ul class="links">
          {links.map(({ title, url }) => (
            <li key={url}>
              <a href={url} target="_blank" rel="noopener">
                {title}
              </a>
            </li>
          ))}
        </ul>
      )}
      <h4>{sv.faqs}</h4>
      <ul class="hits">
        {card.faqs.map((faq) => (
          <li key={faq.id}>
            <FaqView faq={faq} language={language} insert={insert} />
          </li>
        ))}
      </ul>
    </Fold>
  );
}
