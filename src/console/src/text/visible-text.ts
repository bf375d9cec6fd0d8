const styling = /\u001b\[[0-9;:]*m/g;
/** What a terminal or a text renderer would obey in place of showing it. Tab, line feed and the like stay. */
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;
/** Reorder what stands around them, so that code, a path or a command could read as another one. */
const reordering = /[\u202a-\u202e\u2066-\u2069]/g;

/** Text whose control characters are shown as their numbers, such as `\x1b`. */
export function visibleText(text: string): string {
  return text.replace(control, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** Code, paths and commands: what would change the order of the letters is shown as its number. */
export function visibleCode(text: string): string {
  return visibleText(text).replace(reordering, (character) => `⟨U+${character.charCodeAt(0).toString(16).toUpperCase()}⟩`);
}

/** Output of a program: colours are left out, all else that a terminal would obey is shown. */
export function visibleOutput(text: string): string {
  return visibleCode(text.replace(styling, "").replace(/\r\n/g, "\n"));
}
