// What the licences of a published file's parts ask to pass on.

/** One text: all parts with their licences, then each text of a licence once. */
export function notices(parts) {
  const texts = new Map();
  for (const part of parts)
    for (const text of part.notices)
      texts.set(text, [...(texts.get(text) ?? []), part.name]);
  const list = parts.map(({ name, version, license, copyright }) => `${name} ${version}\n  ${license}${copyright ? `, ${copyright}` : ""}`);
  return `tinyvex contains, in whole or in part:\n\n${list.join("\n")}\n` +
    [...texts].map(([text, owners]) => `\n${"=".repeat(100)}\nOf ${owners.join(", ")}:\n\n${text.replaceAll("\r\n", "\n").trim()}\n`).join("");
}
