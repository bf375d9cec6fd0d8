import type { Root } from "hast";

/** Beyond these a block stays plain: colours are not worth a page that stands still. */
export const mostHighlighted = { characters: 30_000, lines: 1_500, line: 2_000 } as const;

type Highlighter = (language: string, text: string) => Root | null;

let loaded: Highlighter | null = null;
let loading: Promise<Highlighter> | null = null;

/** Whether a block of this text is given colours at all. */
export function isHighlightable(text: string): boolean {
  if (text.length > mostHighlighted.characters) return false;
  const lines = text.split("\n");
  return lines.length <= mostHighlighted.lines && lines.every((line) => line.length <= mostHighlighted.line);
}

/** The highlighter, once it has been loaded. */
export function highlighter(): Highlighter | null {
  return loaded;
}

/** Loads the highlighter, which is needed only where there is code to show. */
export function loadHighlighter(): Promise<Highlighter> {
  return (loading ??= import("./languages.js").then(({ highlight }) => (loaded = highlight)));
}

const byExtension: Readonly<Record<string, string>> = {
  ts: "typescript", mts: "typescript", cts: "typescript", tsx: "typescript", js: "javascript", mjs: "javascript", cjs: "javascript", jsx: "javascript",
  json: "json", py: "python", sh: "bash", bash: "bash", zsh: "bash", cs: "csharp", java: "java", kt: "kotlin", go: "go", rs: "rust", c: "c", h: "c",
  cpp: "cpp", cc: "cpp", hpp: "cpp", css: "css", scss: "css", html: "xml", htm: "xml", xml: "xml", svg: "xml", csproj: "xml", props: "xml", sql: "sql",
  yml: "yaml", yaml: "yaml", toml: "ini", ini: "ini", md: "markdown", diff: "diff", patch: "diff", rb: "ruby", php: "php", swift: "swift",
  dockerfile: "dockerfile", ps1: "powershell",
};

/** The language of a file, by the end of its name. */
export function languageOfPath(path: string): string | null {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  return byExtension[name.slice(name.lastIndexOf(".") + 1)] ?? null;
}
