/** A browser's storage; null where it is switched off, which shows only when it is touched. */
export function storageOf(kind: "localStorage" | "sessionStorage"): Storage | null {
  try {
    const storage = globalThis[kind];
    storage.getItem("");
    return storage;
  } catch {
    return null;
  }
}
