/** The members of a list of an agent's that are objects, as all are meant to be: nothing is said of others, and all is shown of these. */
export function objectsOf<Member extends object>(list: readonly Member[] | null | undefined): readonly Member[] {
  if (!Array.isArray(list)) return [];
  // The list itself where nothing is passed over, so that what is memoized by it stays.
  return list.every(isObject) ? list : list.filter(isObject);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
