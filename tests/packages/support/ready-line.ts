/** What the server's line on stdout is read for here. */
export interface ReadyLine {
  url: string;
  ws: string;
  port: number;
  token: string;
}
