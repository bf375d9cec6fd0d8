import type { ElicitationRow, PermissionRow } from "@tinyvex/client";
import { fragmentOf } from "../app/route.js";
import { Icon } from "../app/icon.js";
import { visibleCode } from "../text/visible-text.js";
import "./permissions.css";

/** What waits for an answer in threads that are not shown. */
export function PermissionBanner({ waiting }: { waiting: readonly (PermissionRow | ElicitationRow)[] }) {
  const first = waiting[0];
  if (!first) return null;
  const what = "toolCall" in first ? (first.toolCall.title ?? "a tool call") : first.request.message;
  return (
    <div className="banner" role="region" aria-label="Requests in other threads">
      <Icon name="shield" />
      <span className="banner-text">
        {waiting.length > 1 ? `${waiting.length} requests wait in other threads, such as `
        : "toolCall" in first ? "Another thread waits for a permission: "
        : "Another thread asks: "}
        <span dir="auto">{visibleCode(what)}</span>
      </span>
      <a className="button small" href={fragmentOf({ page: "thread", threadId: first.threadId })}>Go there</a>
    </div>
  );
}
