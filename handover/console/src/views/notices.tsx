import { useState } from "preact/hooks";
import { askForNotices, playTones } from "../notices";
import { sv } from "../strings/sv";
import { isWanted, keepWish } from "../wishes";

/** What a guide wants to be told by; the browser is asked only when one switches notices on. */
export function NoticesView() {
  const [sound, setSound] = useState(() => isWanted("sound"));
  const [notices, setNotices] = useState(() => isWanted("notices"));
  const [refused, setRefused] = useState(false);

  function wantSound(on: boolean): void {
    keepWish("sound", on);
    setSound(on);
    if (on) playTones("message");
  }

  async function wantNotices(on: boolean): Promise<void> {
    const may = on && (await askForNotices());
    keepWish("notices", may);
    setNotices(may);
    setRefused(on && !may);
  }

  return (
    <>
      <button type="button" popovertarget="notices">
        {sv.notices}
      </button>
      <div id="notices" popover="auto" class="popover" role="dialog" aria-label={sv.noticesHeading}>
        <h2>{sv.noticesHeading}</h2>
        <p>{sv.noticesHint}</p>
        <label class="check">
          <input
            type="checkbox"
            checked={sound}
            onChange={(event) => wantSound(event.currentTarget.checked)}
          />
          {sv.wantSound}
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={notices}
            onChange={(event) => void wantNotices(event.currentTarget.checked)}
          />
          {sv.wantNotices}
        </label>
        <p role="status" class="hint">
          {refused ? sv.noticesRefused : ""}
        </p>
      </div>
    </>
  );
}
