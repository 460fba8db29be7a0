import type { IncomingHttpHeaders } from "node:http";

/** What is sent: so many bytes, in pieces. */
export interface Body {
  length: number;
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** Takes the body of a good answer piece by piece. */
export type Receive = (
  head: { status: number; headers: IncomingHttpHeaders },
  chunks: AsyncIterable<Uint8Array>,
) => Promise<void>;
