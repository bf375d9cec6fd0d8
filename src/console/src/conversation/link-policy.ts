const schemes = new Set(["http:", "https:", "mailto:"]);
const images = /^(?:data:image\/(?:png|jpeg|gif|webp|avif|bmp)[;,]|blob:)/i;

/** The address if it may be followed from what an agent wrote, else undefined: a path would lead into the console itself. */
export function safeLink(url: string | undefined): string | undefined {
  if (!url) return undefined;
  try {
    // Without a base, so that only whole addresses are taken.
    const parsed = new URL(url);
    return schemes.has(parsed.protocol) ? parsed.href : undefined;
  } catch {
    return undefined;
  }
}

/** The address if the image is at hand already. One that had to be fetched would tell its server that it was seen. */
export function safeImage(url: string | undefined): string | undefined {
  return url && images.test(url) ? url : undefined;
}
