import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { builtIn, Words } from "../strings";

export const WordsContext = createContext(new Words("sv", builtIn.sv));

/** The words of the language that the person reads. */
export function useWords(): Words {
  return useContext(WordsContext);
}
