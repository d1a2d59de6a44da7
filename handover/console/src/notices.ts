/** A sound, and a notice of the system, for what a guide is not looking at. They never tell what was written. */
import type { News, NewsKind } from "./state/news";
import { sv } from "./strings/sv";

const TONES: Record<NewsKind, readonly number[]> = {
  waiting: [660, 880],
  draft: [660, 660],
  mine: [880, 660],
  message: [880],
};
const TONE_SECONDS = 0.12;
const VOLUME = 0.08;

/** Asks the person, who must have clicked; returns whether notices may be shown. */
export async function askForNotices(): Promise<boolean> {
  if (!("Notification" in window)) return false;
  return (await Notification.requestPermission()) === "granted";
}

export function showNotice({ kind, conversationId }: News, onOpen: () => void): void {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const notice = new Notification(sv.news[kind], { tag: conversationId, lang: "sv" });
  notice.onclick = () => {
    window.focus();
    notice.close();
    onOpen();
  };
}

let audio: AudioContext | null = null;

/** Plays the tones of a kind of news; silent until the person has touched the page. */
export function playTones(kind: NewsKind): void {
  audio ??= new AudioContext();
  const context = audio;
  TONES[kind].forEach((hertz, index) => {
    const begin = context.currentTime + index * TONE_SECONDS;
    const tone = new OscillatorNode(context, { frequency: hertz });
    const volume = new GainNode(context, { gain: VOLUME });
    volume.gain.setTargetAtTime(0, begin + TONE_SECONDS / 2, TONE_SECONDS / 6);
    tone.connect(volume).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + TONE_SECONDS);
  });
}
