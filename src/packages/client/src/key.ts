/** A new idempotency key of 128 random bits. `crypto.randomUUID` is missing on pages that came over plain http. */
export function newKey(): string {
  const bytes = new Uint8Array(16);
  if (globalThis.crypto) crypto.getRandomValues(bytes);
  // React Native has no crypto of its own. A key need not be a secret, only another one each time.
  else for (let i = 0; i < bytes.length; i++) bytes[i] = Math.random() * 256;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
