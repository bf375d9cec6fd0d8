/** What the preload script gives the page as `window.tinyvex`. */
export interface TinyvexBridge {
  serverAddress(): Promise<{ ws: string; token: string }>;
}
