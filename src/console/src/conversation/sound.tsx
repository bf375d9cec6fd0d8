import { useEffect, useMemo, useState, type ReactNode } from "react";
import { bytes } from "../text/bytes.js";
import { bytesOf } from "../text/base64.js";
import { visibleCode } from "../text/visible-text.js";
import "./sound.css";

const soundTypes = /^audio\/[\w.+-]+(; ?[\w.=+-]+)*$/i;

interface SoundProps {
  data: string;
  mimeType: string;
  /** Shown for what is no sound, was cut, or is not known to this browser. */
  children: ReactNode;
}

/** A sound to be played, out of memory alone: nothing is fetched, and it does not begin by itself. */
export function Sound({ data, mimeType, children }: SoundProps) {
  const sound = useMemo(() => (soundTypes.test(mimeType) ? bytesOf(data) : null), [data, mimeType]);
  const [made, setMade] = useState<{ sound: Uint8Array; url: string } | null>(null);
  const [failed, setFailed] = useState<Uint8Array | null>(null);
  useEffect(() => {
    if (!sound) return;
    const url = URL.createObjectURL(new Blob([sound], { type: mimeType }));
    setMade({ sound, url });
    return () => URL.revokeObjectURL(url);
  }, [sound, mimeType]);

  if (!sound || failed === sound) return children;
  const name = `Audio, ${visibleCode(mimeType.slice("audio/".length).toUpperCase())}`;
  return (
    <figure className="sound">
      <figcaption><span>{name}</span><span className="muted">{bytes(sound.length)}</span></figcaption>
      {/* Before its address is there, the place is kept. */}
      <audio controls preload="metadata" aria-label={name} src={made?.sound === sound ? made.url : undefined} onError={() => setFailed(sound)} />
    </figure>
  );
}
