import type { WebSocketConstructor } from "./connection.js";
import { TinyvexError } from "./errors.js";
import { closeCodes, syncSubprotocol, type ServerFrame } from "./protocol.js";

/**
 * Exchanges a one-time code, as a link of `tinyvex open` has it, for the server's token: null where the server wants none.
 * @throws {TinyvexError} `refused` where the code was used before or is too old, `disconnected` where the server cannot be reached.
 */
export function redeemCode(url: string, code: string, WebSocket: WebSocketConstructor = globalThis.WebSocket): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [syncSubprotocol, `tinyvex.code.${code}`]);
    socket.onopen = () => socket.send('{"control":"auth.token","id":"token"}');
    socket.onmessage = ({ data }: { data: string }) => {
      const frame = JSON.parse(data) as ServerFrame;
      if (frame.type === "auth.token") resolve(frame.token);
      else if (frame.type === "tinyvex.error") reject(new TinyvexError(frame.code, frame.message, frame.data));
      socket.close(1000);
    };
    socket.onerror = () => {};
    socket.onclose = (event: { code: number; reason: string }) =>
      reject(
        event.code === closeCodes.token
          ? new TinyvexError("refused", "the code was used before, or is too old")
          : new TinyvexError("disconnected", event.reason || `closed with ${event.code}`),
      );
  });
}
