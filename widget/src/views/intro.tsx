import { useLanguage } from "./context";

/** What one should know before the first message. */
export function Intro() {
  const { t } = useLanguage();
  return (
    <div class="intro">
      <section class="privacy" aria-labelledby="privacy">
        <h3 id="privacy">{t.privacyHeading}</h3>
        <ul>
          {t.privacy.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </section>
      <p class="greeting">{t.greeting}</p>
    </div>
  );
}
