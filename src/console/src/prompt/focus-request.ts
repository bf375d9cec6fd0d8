let isWanted = false;

/** Has the next prompt box take the focus, as when a prompt has led from one page to another. */
export function requestFocus(): void {
  isWanted = true;
}

/** Whether the focus was asked for; once. */
export function takeFocusRequest(): boolean {
  const was = isWanted;
  isWanted = false;
  return was;
}
