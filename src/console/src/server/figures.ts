import type { ServerRow } from "@tinyvex/client";
import { bytes } from "../text/bytes.js";

export interface Figure {
  readonly name: string;
  readonly what: string;
  value(row: ServerRow): number;
  /** Whether the value only grows, so that its growth in a second is what tells something. */
  readonly isRate?: boolean;
  show(value: number): string;
}

const count = (value: number) => value.toLocaleString();
const perSecond = (value: number) => `${value >= 10 ? Math.round(value).toLocaleString() : value.toFixed(1)}/s`;

/** What the server page draws. */
export const figures: readonly Figure[] = [
  { name: "Updates", what: "stored in the log", value: (row) => row.lastEvent, isRate: true, show: perSecond },
  { name: "Reads", what: "of the store", value: (row) => row.reads, isRate: true, show: perSecond },
  { name: "Runs", what: "under way", value: (row) => row.runsRunning, show: count },
  { name: "Queued", what: "prompts that wait", value: (row) => row.runsQueued, show: count },
  { name: "Permissions", what: "that wait", value: (row) => row.permissionsPending, show: count },
  { name: "Questions", what: "of agents that wait", value: (row) => row.elicitationsPending, show: count },
  { name: "Agents", what: "alive", value: (row) => row.agents, show: count },
  { name: "Connections", what: "open", value: (row) => row.connections, show: count },
  { name: "Subscriptions", what: "followed", value: (row) => row.subscriptions, show: count },
  { name: "Behind", what: "readers that catch up", value: (row) => row.readersBehind, show: count },
  { name: "Memory", what: "of the server", value: (row) => row.memoryBytes, show: bytes },
  { name: "Database", what: "on disk", value: (row) => row.databaseBytes, show: bytes },
  { name: "WAL", what: "on disk", value: (row) => row.walBytes, show: bytes },
];

export interface Sample {
  readonly at: number;
  readonly row: ServerRow;
}

/** Samples that are kept: five minutes at one in two seconds. */
export const mostSamples = 150;

/** The samples with one more, the oldest let go. A server that was restarted begins anew, as its counts do. */
export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  return last && last.row.startedAt !== sample.row.startedAt ? [sample] : [...samples, sample].slice(-mostSamples);
}

/** The figure at each sample; of a rate, between each sample and the one before. */
export function seriesOf({ value, isRate }: Figure, samples: readonly Sample[]): number[] {
  if (!isRate) return samples.map(({ row }) => value(row));
  return samples.slice(1).map((sample, at) => {
    const before = samples[at]!;
    return Math.max(0, value(sample.row) - value(before.row)) / (Math.max(1, sample.at - before.at) / 1_000);
  });
}
