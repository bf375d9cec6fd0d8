import { TinyvexError } from "@tinyvex/client";
import { describe, expect, it, vi } from "vitest";
import { Session } from "../../../src/console/src/app/session.ts";
import { TokenStore } from "../../../src/console/src/app/token-store.ts";
import { MemoryStorage } from "./memory-storage.ts";

function make({ hash = "", redeem = async () => "fresh" as string | null } = {}) {
  const tab = new MemoryStorage();
  const device = new MemoryStorage();
  const tokens = new TokenStore(tab, device);
  const location = { hash, pathname: "/", search: "" };
  const replaceState = vi.fn((_data: unknown, _title: string, url: string) => {
    location.hash = url.slice(url.indexOf("#"));
  });
  const redeemed = vi.fn(redeem);
  const session = new Session({ tokens, redeem: redeemed, location, history: { replaceState } as never });
  return { session, tokens, tab, device, location, replaceState, redeemed };
}

const refused = async () => {
  throw new TinyvexError("refused", "the code was used before, or is too old");
};

describe("a session", () => {
  it("takes the code out of the address before it is exchanged", async () => {
    const { session, location, redeemed } = make({
      hash: "#code=abc-123",
      redeem: async () => {
        expect(location.hash).toBe("#/");
        return "fresh";
      },
    });
    await session.enter();
    expect(redeemed).toHaveBeenCalledExactlyOnceWith("abc-123");
    expect(session.getState()).toEqual({ at: "inside", token: "fresh" });
  });

  it("keeps an exchanged token for the tab alone", async () => {
    const { session, tab, device } = make({ hash: "#code=abc" });
    await session.enter();
    expect(tab.getItem("tinyvex.token")).toBe("fresh");
    expect(device.length).toBe(0);
  });

  it("goes in without a token where the server wants none", async () => {
    const { session, tab } = make({ hash: "#code=abc", redeem: async () => null });
    await session.enter();
    expect(session.getState()).toEqual({ at: "inside", token: null });
    expect(tab.length).toBe(0);
  });

  it("says of a code that was used that each works once", async () => {
    const { session } = make({ hash: "#code=abc", redeem: refused });
    await session.enter();
    expect(session.getState()).toMatchObject({ at: "outside", reason: expect.stringContaining("works once") });
  });

  it("stays with the token that it has where a link was used before", async () => {
    const { session, tokens } = make({ hash: "#code=abc", redeem: refused });
    tokens.keep("kept", { remember: false });
    await session.enter();
    expect(session.getState()).toEqual({ at: "inside", token: "kept" });
    expect(tokens.token).toBe("kept");
  });

  it("leaves a page's own fragment alone", async () => {
    const { session, replaceState, redeemed, tokens } = make({ hash: "#/t/abc" });
    tokens.keep("kept", { remember: false });
    await session.enter();
    expect(session.getState()).toEqual({ at: "inside", token: "kept" });
    expect(replaceState).not.toHaveBeenCalled();
    expect(redeemed).not.toHaveBeenCalled();
  });

  it("takes a second link in a tab that is signed in", async () => {
    const { session, location } = make({ hash: "#/" });
    await session.enter();
    location.hash = "#code=second";
    await session.enter();
    expect(session.getState()).toEqual({ at: "inside", token: "fresh" });
  });

  it("takes what is typed for a code, and for the token where it is no code", async () => {
    const { session, redeemed, device } = make({ redeem: refused });
    await session.signIn("  the-token  ", { remember: true });
    expect(redeemed).toHaveBeenCalledWith("the-token");
    expect(session.getState()).toEqual({ at: "inside", token: "the-token" });
    expect(device.getItem("tinyvex.token")).toBe("the-token");
  });

  it("never takes the code of a whole link for a token", async () => {
    const { session, tab } = make({ redeem: refused });
    await session.signIn("http://127.0.0.1:9099/#code=old", { remember: false });
    expect(session.getState().at).toBe("outside");
    expect(tab.length).toBe(0);
  });

  it("forgets a token that is refused, and says why only who had one", async () => {
    const { session, tokens } = make();
    tokens.keep("old", { remember: true });
    await session.enter();
    session.refused();
    expect(tokens.token).toBeNull();
    expect(session.getState()).toMatchObject({ at: "outside", reason: expect.stringContaining("does not take this token") });

    const newcomer = make();
    await newcomer.session.enter();
    newcomer.session.refused();
    expect(newcomer.session.getState()).toEqual({ at: "outside", reason: null });
  });

  it("names the cause where the server cannot be reached", async () => {
    const { session } = make({
      hash: "#code=abc",
      redeem: async () => {
        throw new TinyvexError("disconnected", "closed with 1006");
      },
    });
    await session.enter();
    expect(session.getState()).toMatchObject({ reason: expect.stringContaining("closed with 1006") });
  });
});

describe("the token's store", () => {
  it("works without a storage", () => {
    const tokens = new TokenStore(null, null);
    tokens.keep("t", { remember: true });
    expect(tokens.token).toBe("t");
    expect(tokens.canRemember).toBe(false);
    tokens.forget();
    expect(tokens.token).toBeNull();
  });

  it("takes a token off the device when it is not to be remembered any more", () => {
    const device = new MemoryStorage();
    const tokens = new TokenStore(new MemoryStorage(), device);
    tokens.keep("t", { remember: true });
    expect(tokens.isRemembered).toBe(true);
    tokens.keep("t", { remember: false });
    expect(device.length).toBe(0);
    expect(tokens.token).toBe("t");
  });
});
