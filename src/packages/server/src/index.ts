export { type BinaryOptions, getBinaryPath } from "./binary.js";
export { type RunningServer, type StartErrorCode, TinyvexStartError } from "./errors.js";
export type { RestartPolicy, StartOptions } from "./options.js";
export type { Pause } from "./backoff.js";
export type { ProcessExit } from "./server-process.js";
export { startTinyvex } from "./start-tinyvex.js";
export type { ServerAddress, ServerExit, TinyvexServer, TinyvexServerEvents } from "./tinyvex-server.js";
