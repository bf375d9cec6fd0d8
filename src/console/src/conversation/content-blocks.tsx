import type { ContentBlock } from "@tinyvex/client";
import { CodeBlock } from "../code/code-block.js";
import { languageOfPath } from "../code/highlight.js";
import { Icon } from "../app/icon.js";
import { bytes } from "../text/bytes.js";
import { visibleCode } from "../text/visible-text.js";
import { safeLink } from "./link-policy.js";
import { Sound } from "./sound.js";
import "./content-blocks.css";

/** One ACP content block that is not text. What is not known is named, not hidden. */
export function ContentBlockView({ block }: { block: ContentBlock }) {
  switch (block.type) {
    case "image":
      return <InlineImage data={block.data} mimeType={block.mimeType} />;
    case "audio":
      return <Sound data={block.data} mimeType={block.mimeType}><FileChip name={`Audio, ${block.mimeType}`} size={sizeOf(block.data)} /></Sound>;
    case "resource_link":
      return <FileChip name={block.title ?? block.name} size={block.size ?? null} href={safeLink(block.uri)} />;
    case "resource": {
      const { uri, text, blob } = block.resource;
      const name = nameOf(uri);
      if (typeof text !== "string") return <FileChip name={name} size={sizeOf(blob ?? "")} />;
      return (
        <details className="attached">
          <summary>
            <Icon name="file" />
            <span>{name}</span>
            <span className="muted">{bytes(text.length)}</span>
          </summary>
          <CodeBlock text={text} title={name} language={languageOfPath(uri)} />
        </details>
      );
    }

    default:
      return <FileChip name={`Content of the kind ${JSON.stringify((block as { type?: unknown }).type ?? null)}`} size={null} />;
  }
}

const imageTypes = /^image\/(png|jpeg|gif|webp|avif|bmp)$/i;

function InlineImage({ data, mimeType }: { data: string; mimeType: string }) {
  if (!imageTypes.test(mimeType)) return <FileChip name={`Image, ${mimeType}`} size={sizeOf(data)} />;
  return <img className="inline-image" src={`data:${mimeType};base64,${data}`} alt={`Image, ${mimeType.slice(6).toUpperCase()}`} />;
}

function FileChip({ name, size, href }: { name: string; size: number | null; href?: string | undefined }) {
  const content = (
    <>
      <Icon name={href ? "link" : "file"} />
      <span>{visibleCode(name)}</span>
      {size !== null && <span className="muted">{bytes(size)}</span>}
    </>
  );
  return href ? <a className="chip" href={href} target="_blank" rel="noopener noreferrer">{content}</a> : <span className="chip">{content}</span>;
}

function nameOf(uri: string): string {
  const name = uri.slice(uri.lastIndexOf("/") + 1) || uri;
  try {
    return visibleCode(decodeURIComponent(name));
  } catch {
    return visibleCode(name);
  }
}

/** Bytes behind text in base64. */
function sizeOf(base64: string): number {
  return Math.floor((base64.replace(/=+$/, "").length * 3) / 4);
}
