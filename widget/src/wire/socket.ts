import { CloseCode, type OpenChannel } from "./channel";
import { browserClock, type Clock } from "./clock";
import { parseFrame } from "./frames";
import { Pulse } from "./pulse";

/** Returns the opener of WebSocket channels to `path` on `server` (an http or https origin). */
export function socketTo(server: string, path: string, clock: Clock = browserClock): OpenChannel {
  const url = new URL(path, server);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return (handlers) => {
    const socket = new WebSocket(url);
    const pulse = new Pulse(
      clock,
      () => send({ type: "ping" }),
      () => {
        close();
        handlers.closed(CloseCode.lost);
      },
    );
    socket.onopen = () => {
      pulse.heard();
      handlers.opened();
    };
    socket.onmessage = ({ data }) => {
      pulse.heard();
      const frame = typeof data === "string" ? parseFrame(data) : null;
      if (frame !== null) handlers.frame(frame);
    };
    socket.onclose = ({ code }) => {
      pulse.stop();
      handlers.closed(code);
    };

    function send(frame: object): void {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
    }

    function close(): void {
      pulse.stop();
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close(CloseCode.normal);
    }

    return { send, close };
  };
}
