import { Icon } from "../app/icon.js";
import { bytes } from "../text/bytes.js";
import type { Attachment } from "./attachments.js";

interface AttachmentListProps {
  attachments: readonly Attachment[];
  onRemove(attachment: Attachment): void;
}

export function AttachmentList({ attachments, onRemove }: AttachmentListProps) {
  if (attachments.length === 0) return null;
  return (
    <ul className="attachments" aria-label="Attachments">
      {attachments.map((one) => (
        <li key={one.id} className="chip">
          {one.block.type === "image" ? <img src={`data:${one.block.mimeType};base64,${one.block.data}`} alt="" /> : <Icon name="file" />}
          <span>{one.name}</span>
          <span className="muted">{bytes(one.size)}</span>
          <button type="button" className="icon-button" aria-label={`Remove ${one.name}`} onClick={() => onRemove(one)}><Icon name="close" size={12} /></button>
        </li>
      ))}
    </ul>
  );
}
