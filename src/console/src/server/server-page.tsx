import type { ServerRow } from "@tinyvex/client";
import { useState } from "react";
import { PageHeader } from "../app/page-header.js";
import { usePageTitle } from "../app/page-title.js";
import { useSession } from "../app/session-context.js";
import { useConnection } from "@tinyvex/react";
import { duration } from "../text/duration.js";
import { fullTime } from "../text/time.js";
import { figures, seriesOf, type Figure, type Sample } from "./figures.js";
import { Sparkline } from "./sparkline.js";
import { useServerSamples } from "./use-server-samples.js";
import "./server.css";

export default function ServerPage() {
  usePageTitle("Server");
  const { samples, error } = useServerSamples();
  const row = samples.at(-1)?.row;
  return (
    <div className="page">
      <PageHeader><h1>Server</h1></PageHeader>
      <div className="page-body" tabIndex={0}>
        <div className="page-column">
          {error && <p className="note bad" role="alert">The server cannot be asked: {error.message}</p>}
          {row?.trouble && <p className="note bad" role="alert">The store takes no writes: {row.trouble}</p>}
          <ul className="figures" aria-label="Figures">{figures.map((figure) => <FigureCard key={figure.name} figure={figure} samples={samples} />)}</ul>
          {row && <Facts row={row} />}
          <ThisDevice />
        </div>
      </div>
    </div>
  );
}

function FigureCard({ figure, samples }: { figure: Figure; samples: readonly Sample[] }) {
  const series = seriesOf(figure, samples);
  const now = series.at(-1);
  const shown = now === undefined ? "–" : figure.show(now);
  return (
    <li className="figure">
      <span className="figure-name">{figure.name} <span className="lead">{figure.what}</span></span>
      <strong>{shown}</strong>
      <Sparkline values={series} label={series.length < 2 ? `${figure.name}, no history yet` : `${figure.name}, from ${figure.show(Math.min(...series))} to ${figure.show(Math.max(...series))} lately`} />
    </li>
  );
}

function Facts({ row }: { row: ServerRow }) {
  const { state, attempt } = useConnection();
  const facts: [string, string][] = [
    ["Version", `${row.version}, protocol ${row.protocol}, SQLite ${row.sqliteVersion}`],
    ["Up for", `${duration(Date.now() - row.startedAt)}, since ${fullTime(row.startedAt)}`],
    ["Connection", state === "open" ? "connected" : `${state}, attempt ${attempt}`],
    ["Threads", `${row.threads.toLocaleString()} with ${row.messages.toLocaleString()} messages`],
    ["Durability", row.durability === "full" ? "full: each commit waits for the disk" : "normal: a loss of power may take the last moments"],
    ["Store", row.storeId],
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Where the token of this browser is kept. */
function ThisDevice() {
  const { session, tokens } = useSession();
  const [isRemembered, setRemembered] = useState(tokens.isRemembered);
  const token = tokens.token;
  if (token === null) return <p className="lead">This server wants no token.</p>;
  return (
    <section className="device" aria-label="This device">
      {tokens.canRemember && (
        <label className="remember">
          <input
            type="checkbox" checked={isRemembered}
            onChange={({ target }) => {
              tokens.keep(token, { remember: target.checked });
              setRemembered(target.checked);
            }}
          />
          Remember the token on this device
        </label>
      )}
      <button type="button" className="button" onClick={() => session.signOut()}>Sign out</button>
    </section>
  );
}
