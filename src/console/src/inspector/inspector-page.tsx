import type { TinyvexClient } from "@tinyvex/client";
import { useDeferredValue, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { Icon } from "../app/icon.js";
import { PageHeader } from "../app/page-header.js";
import { usePageTitle } from "../app/page-title.js";
import { CodeBlock } from "../code/code-block.js";
import { useTinyvex } from "@tinyvex/react";
import { bytes } from "../text/bytes.js";
import { visibleCode } from "../text/visible-text.js";
import { FeedTable } from "./feed-table.js";
import { filtered, lagOf, mostFrames, Recording, type Recorded } from "./recording.js";
import "./inspector.css";

/** Go on while other pages are shown, so that what they did can be looked at afterwards. */
const recordings = new WeakMap<TinyvexClient, Recording>();
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hour12: false });

/** For developers: what goes over the wire, and how far each feed has come. */
export default function InspectorPage() {
  usePageTitle("Inspector");
  const client = useTinyvex();
  const recording = recordingOf(client);
  const frames = useSyncExternalStore(recording.subscribe, recording.getFrames);
  const [filter, setFilter] = useState("");
  const [direction, setDirection] = useState<"both" | "in" | "out">("both");
  const [chosen, setChosen] = useState<Recorded | null>(null);
  const wanted = useDeferredValue(filter);
  const shown = useMemo(() => filtered(frames, wanted, direction).toReversed(), [frames, wanted, direction]);
  const lag = useMemo(() => lagOf(frames), [frames]);
  useEffect(() => recording.begin(client), [client, recording]);

  return (
    <div className="page">
      <PageHeader><h1>Inspector</h1></PageHeader>
      <div className="page-body" tabIndex={0}>
        <div className="page-column inspector">
          <section aria-labelledby="feeds">
            <h2 id="feeds">Feeds</h2>
            <FeedTable />
            <p className="lead">{lag ? `Lag, from when an update was made until it arrived: ${lag.median} ms in the middle, ${lag.most} ms at most, of ${lag.count} updates. Where the clocks of server and browser differ, so does this.` : "Lag is shown once an update has come."}</p>
          </section>
          <section aria-labelledby="frames">
            <div className="inspector-head">
              <h2 id="frames">Frames</h2>
              <span className="lead" data-testid="frame-count">{frames.length.toLocaleString()} of the last {mostFrames.toLocaleString()}, {bytes(frames.reduce((sum, one) => sum + one.size, 0))}</span>
            </div>
            <div className="inspector-bar">
              <input className="field" type="search" aria-label="Filter frames" placeholder="Filter: words in type, thread or text" value={filter} onChange={(event) => setFilter(event.target.value)} />
              <select className="field" aria-label="Direction" value={direction} onChange={(event) => setDirection(event.target.value as typeof direction)}>
                <option value="both">In and out</option>
                <option value="in">In</option>
                <option value="out">Out</option>
              </select>
              <button type="button" className="button" aria-pressed={!recording.isOn} onClick={() => (recording.isOn ? recording.pause() : recording.start(client))}>
                <Icon name={recording.isOn ? "pause" : "play"} />{recording.isOn ? "Pause" : "Go on"}
              </button>
              <button type="button" className="button" onClick={() => {
                recording.clear();
                setChosen(null);
              }}>Clear</button>
            </div>
            <div className={chosen ? "frames has-chosen" : "frames"}>
              <ol className="frame-list" aria-label="Frames, the newest first">
                {shown.map((one) => <FrameRow key={one.number} frame={one} isChosen={one.number === chosen?.number} onChoose={setChosen} />)}
                {shown.length === 0 && <li className="empty">{frames.length === 0 ? "No frame yet." : "None matches."}</li>}
              </ol>
              {chosen && (
                <aside aria-label={`Frame ${chosen.number}`}>
                  <CodeBlock text={JSON.stringify(chosen.frame, null, 2)} language="json" title={`#${chosen.number} ${chosen.title}`} fold={200} />
                </aside>
              )}
            </div>
          </section>
        </div>
      </div>
    </div>
  );
}

function recordingOf(client: TinyvexClient): Recording {
  let recording = recordings.get(client);
  if (!recording) recordings.set(client, (recording = new Recording()));
  return recording;
}

function FrameRow({ frame, isChosen, onChoose }: { frame: Recorded; isChosen: boolean; onChoose(frame: Recorded | null): void }) {
  return (
    <li>
      <button type="button" className="frame" aria-pressed={isChosen} onClick={() => onChoose(isChosen ? null : frame)}>
        <span className={`frame-way ${frame.direction}`}>{frame.direction}</span>
        <span className="frame-time">{clock.format(frame.at)}</span>
        <span className="frame-title">{visibleCode(frame.title)}</span>
        <span className="frame-thread">{frame.threadId && visibleCode(frame.threadId)}</span>
        <span className="frame-lag">{frame.lag === null ? "" : `${frame.lag} ms`}</span>
        <span className="frame-size">{bytes(frame.size)}</span>
      </button>
    </li>
  );
}
