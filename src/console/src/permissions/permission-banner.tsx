import type { PermissionRow } from "@tinyvex/client";
import { fragmentOf } from "../app/route.js";
import { Icon } from "../app/icon.js";
import { visibleCode } from "../text/visible-text.js";
import "./permissions.css";

/** Requests that wait in threads that are not shown. */
export function PermissionBanner({ waiting }: { waiting: readonly PermissionRow[] }) {
  const first = waiting[0];
  if (!first) return null;
  return (
    <div className="banner" role="region" aria-label="Permission requests in other threads">
      <Icon name="shield" />
      <span className="banner-text">
        {waiting.length === 1 ? "Another thread waits for a permission: " : `${waiting.length} requests wait in other threads, such as `}
        <span dir="auto">{visibleCode(first.toolCall.title ?? "a tool call")}</span>
      </span>
      <a className="button small" href={fragmentOf({ page: "thread", threadId: first.threadId })}>Go there</a>
    </div>
  );
}
