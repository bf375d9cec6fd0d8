const paths = {
  plus: "M8 3v10M3 8h10",
  search: "M11.5 11.5 14 14M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Z",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  close: "M4 4l8 8M12 4l-8 8",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  check: "M3 8.5 6.5 12 13 4.5",
  copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8Z",
  send: "M8 13.5v-11M3.5 7 8 2.5 12.5 7",
  stop: "M4.5 4.5h7v7h-7Z",
  attach: "M13 7.5 7.8 12.7a3 3 0 0 1-4.3-4.3l5.5-5.4a2 2 0 0 1 2.9 2.8l-5.5 5.4a1 1 0 0 1-1.4-1.4l4.8-4.8",
  down: "M8 2.5v11M3.5 9 8 13.5 12.5 9",
  chevron: "M6 3.5 10.5 8 6 12.5",
  edit: "M2.5 13.5h3l8-8-3-3-8 8ZM9 4l3 3",
  archive: "M2 3h12v3H2ZM3 6v7.5h10V6M6.5 9h3",
  trash: "M2.5 4.5h11M6 4V2.5h4V4M4 4.5l.7 9h6.6l.7-9M6.7 7v4M9.3 7v4",
  folder: "M2 12.5v-9h4l1.5 2H14v7Z",
  file: "M4 1.5h5.5L12.5 5v9.5H4ZM9 2v3.5h3.5",
  terminal: "M3 4.5 6.5 8 3 11.5M8 12h5",
  globe: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM2.2 8h11.6M8 2c2 2 2.6 4 2.6 6S10 12 8 14C6 12 5.4 10 5.4 8S6 4 8 2Z",
  thought: "M5.5 11.5h5M6 13.8h4M5.7 11.5c0-1.7-2.2-2.5-2.2-5.2a4.5 4.5 0 0 1 9 0c0 2.7-2.2 3.5-2.2 5.2",
  move: "M2 8h12M10.5 4.5 14 8l-3.5 3.5",
  tool: "M10 2.3a3.5 3.5 0 0 0-3.3 4.9L2.3 11.6l2 2 4.4-4.3a3.5 3.5 0 0 0 4.9-4l-2 2-1.9-.5-.5-1.9Z",
  list: "M6 4h8M6 8h8M6 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01",
  robot: "M3 6.5h10v7H3ZM8 6.5v-3M6 10h.01M10 10h.01",
  pulse: "M1.5 8.5h3l2-5.5 3 10.5 2-5h3",
  server: "M2.5 2.5h11v4.5h-11ZM2.5 9h11v4.5h-11ZM5 4.8h.01M5 11.2h.01",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7",
  moon: "M13 9.8A5.5 5.5 0 0 1 6.2 3 5.5 5.5 0 1 0 13 9.8Z",
  auto: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 2v12M8.5 5h4M8.5 8h5.3M8.5 11h4",
  keyboard: "M1.5 4h13v8.5h-13ZM4 6.7h.01M6.7 6.7h.01M9.3 6.7h.01M12 6.7h.01M5 10h6",
  shield: "M8 1.8 13 3.7v4c0 3-2 5.2-5 6.5-3-1.3-5-3.5-5-6.5v-4Z",
  alert: "M8 2 14.5 13.5h-13ZM8 6.5v3.2M8 11.7h.01",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M5 3l8 5-8 5Z",
  out: "M6.5 2.5h-4v11h4M6 8h8M11 5l3 3-3 3",
  link: "M6.5 9.5l3-3M7 4.5l1.5-1.5a3 3 0 0 1 4.5 4.5L11.5 9M9 11.5l-1.5 1.5A3 3 0 0 1 3 8.5L4.5 7",
} as const;

export type IconName = keyof typeof paths;

/** Decoration: what it means is said beside it or on the button that holds it. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false"
      fill="none" stroke="currentColor" strokeWidth={1.4} strokeLinecap="round" strokeLinejoin="round"
    >
      <path d={paths[name]} />
    </svg>
  );
}
