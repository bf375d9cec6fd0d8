using System.Text.Json;
using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Queries;

/// <summary>What a thread has one of at most: its plan and its state.</summary>
internal static class StateQueries
{
    public static void WritePlan(StoreConnection store, Utf8JsonWriter json, string threadId, bool whole)
    {
        var row = store.Get(PlanRow.Get).Bind(1, threadId);
        json.WriteStartArray("rows"u8);
        while (row.Step()) PlanRow.Read(row).Write(json, whole);
        json.WriteEndArray();
    }

    public static void WriteState(StoreConnection store, Utf8JsonWriter json, string threadId, bool whole)
    {
        var row = store.Get(StateRow.Get).Bind(1, threadId);
        json.WriteStartArray("rows"u8);
        while (row.Step()) StateRow.Read(row).Write(json, whole);
        json.WriteEndArray();
    }
}
