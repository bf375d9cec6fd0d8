const units = ["B", "KB", "MB", "GB", "TB"];

/** A size for people, with three digits: `812 B`, `14.8 MB`. */
export function bytes(count: number): string {
  let size = count;
  let unit = 0;
  while (size >= 1_000 && unit < units.length - 1) {
    size /= 1_000;
    unit++;
  }

  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}
