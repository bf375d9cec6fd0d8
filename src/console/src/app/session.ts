import { TinyvexError } from "@tinyvex/client";
import type { TokenStore } from "./token-store.js";

/** `entering`: a code is being exchanged · `inside`: with a token, or with none where the server may want none · `outside`: sign-in is needed. */
export type SessionState =
  | { readonly at: "entering" }
  | { readonly at: "inside"; readonly token: string | null }
  | { readonly at: "outside"; readonly reason: string | null };

interface Surroundings {
  tokens: TokenStore;
  redeem(code: string): Promise<string | null>;
  location: Pick<Location, "hash" | "pathname" | "search">;
  history: Pick<History, "replaceState">;
}

/** Who is signed in on this page: from a link's one-time code, a token that was kept, or what is typed on the sign-in page. */
export class Session {
  readonly #surroundings: Surroundings;
  readonly #listeners = new Set<() => void>();
  #state: SessionState = { at: "entering" };

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  readonly getState = (): SessionState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** To be called when the page begins, and when its fragment changes. */
  async enter(): Promise<void> {
    const code = this.#takeCode();
    const { tokens } = this.#surroundings;
    // With a token that is kept a link that was used before is no loss.
    if (code !== null) await this.#redeem(code, tokens.isRemembered, tokens.token === null ? undefined : () => this.#set({ at: "inside", token: tokens.token }));
    else if (this.#state.at === "entering") this.#set({ at: "inside", token: this.#surroundings.tokens.token });
  }

  /** With what was typed: a link, the code of one, or the token. */
  async signIn(typed: string, { remember }: { remember: boolean }): Promise<void> {
    const code = codeIn(typed);
    if (code !== null) await this.#redeem(code, remember);
    else await this.#redeem(typed.trim(), remember, (token) => this.#enterWith(token, remember));
  }

  /** The server has refused the token, or wants one. */
  refused(): void {
    if (this.#state.at !== "inside") return;
    const had = this.#state.token !== null;
    this.#surroundings.tokens.forget();
    this.#set({ at: "outside", reason: had ? "The server does not take this token. It makes a new one each time it starts, unless it was given one." : null });
  }

  signOut(): void {
    this.#surroundings.tokens.forget();
    this.#set({ at: "outside", reason: null });
  }

  async #redeem(code: string, remember: boolean, refused?: (code: string) => void): Promise<void> {
    this.#set({ at: "entering" });
    try {
      const token = await this.#surroundings.redeem(code);
      this.#enterWith(token, remember);
    } catch (error) {
      if (refused && error instanceof TinyvexError && error.code === "refused") refused(code);
      else this.#set({ at: "outside", reason: reasonOf(error) });
    }
  }

  #enterWith(token: string | null, remember: boolean): void {
    if (token !== null) this.#surroundings.tokens.keep(token, { remember });
    this.#set({ at: "inside", token });
  }

  /** The code leaves the address at once, so that it is in no history and on no screenshot. */
  #takeCode(): string | null {
    const { location, history } = this.#surroundings;
    const code = codeIn(location.hash);
    if (code !== null) history.replaceState(null, "", `${location.pathname}${location.search}#/`);
    return code;
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** The one-time code of a link or of its fragment; null where there is none. */
export function codeIn(text: string): string | null {
  return /#code=([A-Za-z0-9._~-]+)\s*$/.exec(text)?.[1] ?? null;
}

function reasonOf(error: unknown): string {
  if (error instanceof TinyvexError && error.code === "refused") return "This link was used before, or is too old. Each works once.";
  // No WebSocket takes it along.
  if (error instanceof DOMException && error.name === "SyntaxError") return "That is no link, code or token.";
  return `The server could not be asked: ${(error instanceof Error ? error.message : String(error)).replace(/\.$/, "")}.`;
}
