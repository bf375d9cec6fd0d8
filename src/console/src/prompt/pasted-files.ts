/** The files of what was pasted; none where they are but another form of its text, as spreadsheets and word processors bring their cells as a picture too. */
export function pastedFiles({ files, types, getData }: Pick<DataTransfer, "files" | "types"> & { getData(type: string): string }): File[] {
  const all = [...files];
  if (!types.includes("text/plain")) return all;
  const names = new Set(all.map((file) => file.name));
  // Some systems bring files with their names as text.
  const isNames = getData("text/plain").trim().split(/\r?\n/).every((line) => names.has(line.slice(line.lastIndexOf("/") + 1)));
  return isNames ? all : [];
}
