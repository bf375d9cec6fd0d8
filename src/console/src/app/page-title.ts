import { useEffect } from "react";

let page = "";
let waiting = 0;

/** Names the page in the browser's tab while it is shown. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    page = title;
    show();
  }, [title]);
}

/** Puts the number of permission requests that wait before the title, to be seen from another tab. */
export function useWaitingInTitle(count: number): void {
  useEffect(() => {
    waiting = count;
    show();
  }, [count]);
}

function show(): void {
  document.title = `${waiting > 0 ? `(${waiting}) ` : ""}${page ? `${page} – ` : ""}Tinyvex`;
}
