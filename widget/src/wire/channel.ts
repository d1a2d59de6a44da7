import type { ServerFrame } from "./frames";

/** One way to the server, used once: when it has closed, another is opened. */
export interface Channel {
  send(frame: object): void;
  /** Closes silently: no handler is called afterwards. */
  close(): void;
}

export interface ChannelHandlers {
  opened(): void;
  frame(frame: ServerFrame): void;
  closed(code: number): void;
}

export type OpenChannel = (handlers: ChannelHandlers) => Channel;

/** Close codes of docs/protocol.md, and 1006: the connection was lost without a word. */
export const CloseCode = {
  normal: 1000,
  lost: 1006,
  notText: 1007,
  refused: 1008,
  tooLarge: 1009,
} as const;
