import { CloseCode, type OpenChannel } from "./channel";
import { parseFrame } from "./frames";

/** Returns the opener of WebSocket channels to `path` on `server` (an http or https origin). */
export function socketTo(server: string, path: string): OpenChannel {
  const url = new URL(path, server);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return (handlers) => {
    const socket = new WebSocket(url);
    socket.onopen = () => handlers.opened();
    socket.onmessage = ({ data }) => {
      const frame = typeof data === "string" ? parseFrame(data) : null;
      if (frame !== null) handlers.frame(frame);
    };
    socket.onclose = ({ code }) => handlers.closed(code);
    return {
      send(frame) {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
      },
      close() {
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.close(CloseCode.normal);
      },
    };
  };
}
