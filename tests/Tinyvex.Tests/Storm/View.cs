using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Storm;

/// <summary>
/// What a client holds of a subscription: messages, and all other rows as their fields' JSON. It never changes, so that the view of any
/// earlier moment can be gone back to.
/// </summary>
/// <param name="Floor">Where the snapshot did not reach back to the first row: the key of the oldest one it had.</param>
internal sealed record View(
    ImmutableDictionary<string, ShownMessage> Messages, ImmutableDictionary<string, ImmutableSortedDictionary<string, string>> Rows, long? Floor)
{
    public static readonly View Empty = new(
        ImmutableDictionary<string, ShownMessage>.Empty, ImmutableDictionary<string, ImmutableSortedDictionary<string, string>>.Empty, null);

    /// <summary>Where a row is held.</summary>
    public static string KeyOf(string stream, JsonElement row) => stream switch
    {
        "threads" => $"threads/{row.Text("id")}/",
        "tool_calls" => $"tool_calls/{row.Text("threadId")}/{row.Text("toolCallId")}",
        "runs" => $"runs/{row.Text("threadId")}/{row.Text("runId")}",
        "permissions" => $"permissions/{row.Text("threadId")}/{row.Text("requestId")}",
        _ => $"{stream}/{row.Text("threadId")}/",
    };

    public View With(ShownMessage message) => this with { Messages = Messages.SetItem(message.ItemId, message) };

    /// <summary>Takes the fields that a row has; those it has not are as they were.</summary>
    /// <param name="isAhead">Whether it may overtake what it changes.</param>
    public View With(string stream, JsonElement row, bool isAhead = false)
    {
        var key = KeyOf(stream, row);
        var known = Rows.GetValueOrDefault(key);
        var fields = (known ?? ImmutableSortedDictionary<string, string>.Empty).Remove("truncated").ToBuilder();
        foreach (var field in row.EnumerateObject()) fields[field.Name] = field.Value.GetRawText();
        if (known is null && Floor is null && !isAhead && IsPatch(stream, fields)) throw new Contradiction($"a change of {key}, which was never shown");
        return this with { Rows = Rows.SetItem(key, fields.ToImmutable()) };
    }

    private static bool IsPatch(string stream, ImmutableSortedDictionary<string, string>.Builder fields) =>
        (stream == "tool_calls" && !fields.ContainsKey("rawOutput")) || (stream == "runs" && !fields.ContainsKey("prompt"));

    /// <summary>The view without all that belongs to a thread.</summary>
    public View Without(string threadId) => this with
    {
        Messages = Messages.RemoveRange(Messages.Values.Where(message => message.ThreadId == threadId).Select(message => message.ItemId)),
        Rows = Rows.RemoveRange(Rows.Keys.Where(key => key.Split('/', 3)[1] == threadId)),
    };

    /// <summary>What is to be fetched whole: its key, and the query for it.</summary>
    public IEnumerable<(string Key, string Query, string Args)> Cut
    {
        get
        {
            foreach (var message in Messages.Values)
            {
                if (message.IsCut) yield return ($"messages/{message.ItemId}", "messages.get", $"\"threadId\":{Wire.Quote(message.ThreadId)},\"itemId\":{Wire.Quote(message.ItemId)}");
            }

            foreach (var (key, fields) in Rows)
            {
                if (!fields.ContainsKey("truncated") || !key.StartsWith("tool_calls/", StringComparison.Ordinal)) continue;
                yield return (key, "tool_calls.get", $"\"threadId\":{fields["threadId"]},\"toolCallId\":{fields["toolCallId"]}");
            }
        }
    }

    /// <summary>Takes what was fetched, where it is still wanted.</summary>
    public View Fetched(string query, JsonElement row)
    {
        if (query == "tool_calls.get") return Rows.ContainsKey(KeyOf("tool_calls", row)) ? With("tool_calls", row) : this;
        var message = ShownMessage.Of(row);
        // One that has grown beyond it meanwhile is fetched again.
        return Messages.TryGetValue(message.ItemId, out var known) && known.IsCut && message.Seq >= known.Seq
            ? With(message with { Fetched = message.Seq, Partial = message.Partial && known.Partial }) : this;
    }

    /// <summary>The first difference to the part of the store that it should be, or null.</summary>
    /// <param name="floorKey">The field that tells whether a row is older than the snapshot's oldest.</param>
    public string? DiffersFrom(View stored, string? floorKey)
    {
        foreach (var message in Messages.Values)
        {
            if (!stored.Messages.TryGetValue(message.ItemId, out var other)) return $"message {message.ItemId} of {message.ThreadId} is not stored";
            if (message.DiffersFrom(other, mayBeCut: Floor == long.MaxValue) is { } difference) return difference;
        }

        foreach (var (key, fields) in Rows)
        {
            if (!stored.Rows.TryGetValue(key, out var other)) return $"{key} is not stored";
            foreach (var (name, value) in fields)
            {
                if (other.GetValueOrDefault(name) is var there && there != value) return $"{name} of {key} is {Wire.Shorten(value)}, and stored {Wire.Shorten(there ?? "nothing")}";
            }

            if (Floor is null && other.Keys.Except(fields.Keys).FirstOrDefault() is { } missing) return $"{key} has no {missing}";
        }

        foreach (var message in stored.Messages.Values)
        {
            if (!Messages.ContainsKey(message.ItemId) && !(message.Order <= Floor)) return $"message {message.ItemId} of {message.ThreadId}, order {message.Order}, is missing";
        }

        foreach (var (key, fields) in stored.Rows)
        {
            if (Rows.ContainsKey(key) || Floor == long.MaxValue) continue;
            if (floorKey is null || !fields.TryGetValue(floorKey, out var at) || !(long.Parse(at, CultureInfo.InvariantCulture) <= Floor)) return $"{key} is missing";
        }

        return null;
    }
}
