const name = "tinyvex.token";

/** Where the token is kept: for this tab, or on this device where the user wants that. A browser may have no storage; then it is kept in memory. */
export class TokenStore {
  readonly #tab: Storage | null;
  readonly #device: Storage | null;
  #token: string | null = null;

  constructor(tab: Storage | null, device: Storage | null) {
    this.#tab = tab;
    this.#device = device;
  }

  get token(): string | null {
    return this.#token ?? this.#tab?.getItem(name) ?? this.#device?.getItem(name) ?? null;
  }

  get isRemembered(): boolean {
    return (this.#device?.getItem(name) ?? null) !== null;
  }

  get canRemember(): boolean {
    return this.#device !== null;
  }

  keep(token: string, { remember }: { remember: boolean }): void {
    this.#token = token;
    this.#tab?.setItem(name, token);
    if (remember) this.#device?.setItem(name, token);
    else this.#device?.removeItem(name);
  }

  forget(): void {
    this.#token = null;
    this.#tab?.removeItem(name);
    this.#device?.removeItem(name);
  }
}
