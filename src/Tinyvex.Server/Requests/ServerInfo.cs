using System.Text.Json;
using Tinyvex.Storage;

namespace Tinyvex.Requests;

/// <summary>The one row of <c>server.info</c>.</summary>
internal static class ServerInfo
{
    public static void Write(StoreConnection store, Utf8JsonWriter json, ConnectionServices services)
    {
        var facts = services.Facts;
        var connections = services.Totals();
        json.WriteStartArray("rows"u8);
        json.WriteStartObject();
        json.WriteString("version"u8, facts.Version);
        json.WriteNumber("protocol"u8, ServerFacts.Protocol);
        json.WriteString("sqliteVersion"u8, facts.SqliteVersion);
        json.WriteString("storeId"u8, services.Identity.StoreId);
        json.WriteNumber("startedAt"u8, facts.StartedAt);
        json.WriteNumber("connections"u8, facts.Connections);
        json.WriteNumber("subscriptions"u8, connections.Subscriptions);
        json.WriteNumber("readersBehind"u8, connections.Behind);
        json.WriteNumber("agents"u8, services.Sessions.RunningAgents);
        json.WriteNumber("databaseBytes"u8, facts.DatabaseBytes);
        json.WriteNumber("walBytes"u8, facts.WalBytes);
        json.WriteNumber("memoryBytes"u8, Environment.WorkingSet);
        json.WriteString("trouble"u8, services.Writer.Trouble);
        json.WriteString("durability"u8, services.Options.Durability == Durability.Full ? "full"u8 : "normal"u8);
        json.WriteNumber("threads"u8, Count(store, "SELECT count(*) FROM threads"));
        // Kept in the rows of the threads, so that a large store is not scanned.
        json.WriteNumber("messages"u8, Count(store, "SELECT coalesce(sum(messageCount), 0) FROM threads"));
        // The condition of the index over open runs, spelled out so that it is taken.
        json.WriteNumber("runsRunning"u8, Count(store, "SELECT count(*) FROM runs WHERE status IN ('queued', 'running') AND status = 'running'"));
        json.WriteNumber("runsQueued"u8, Count(store, "SELECT count(*) FROM runs WHERE status IN ('queued', 'running') AND status = 'queued'"));
        json.WriteNumber("permissionsPending"u8, Count(store, "SELECT count(*) FROM permissions WHERE status = 'pending'"));
        json.WriteNumber("elicitationsPending"u8, Count(store, "SELECT count(*) FROM elicitations WHERE status = 'pending'"));
        json.WriteNumber("reads"u8, services.Readers.Reads);
        json.WriteNumber("lastEvent"u8, Count(store, EventLog.Last));
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static long Count(StoreConnection store, string sql) => store.Get(sql).Number()!.Value;
}
