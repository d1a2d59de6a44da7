import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { stringsOf, type Language, type Strings } from "../strings";

export const LanguageContext = createContext<Language>("sv");

/** The language of the person, and its words. */
export function useLanguage(): { language: Language; t: Strings } {
  const language = useContext(LanguageContext);
  return { language, t: stringsOf(language) };
}
