/** Puts what has opened in the top layer below its button, or above where there is no room. */
export function placeBeside(button: HTMLElement, opened: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const { offsetWidth, offsetHeight, style } = opened;
  style.left = `${Math.max(8, Math.min(at.right - offsetWidth, innerWidth - offsetWidth - 8))}px`;
  style.top = `${at.bottom + offsetHeight + 8 > innerHeight ? at.top - offsetHeight - 4 : at.bottom + 4}px`;
}
