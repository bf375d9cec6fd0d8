using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json;
using Tinyvex.Tests.Support;

namespace Tinyvex.Tests.Storm;

/// <summary>
/// One subscription of a client over all its connections: the view rebuilt by the protocol's rules alone, and cursors from any time
/// with the view that belongs to each.
/// </summary>
internal sealed class Followed(string stream, string? threadId, Random random)
{
    /// <summary>The subscription of broadcast mode, which nobody asks for.</summary>
    public const string Everything = "everything";

    private const int MostKept = 12;

    private readonly List<(string Cursor, View View)> _kept = [];

    public string Stream => stream;

    public string? ThreadId => threadId;

    public View View { get; private set; } = View.Empty;

    /// <summary>Up to where the view is complete.</summary>
    public long Position { get; private set; } = -1;

    /// <summary>The last cursor, and the view as it was then; null before the first.</summary>
    public (string Cursor, View View)? Last { get; private set; }

    /// <summary>Whether the server has answered on this connection, so that updates count.</summary>
    public bool IsLive { get; private set; }

    /// <summary>Whether its end was asked for.</summary>
    public bool IsEnding { get; set; }

    public string Name => $"{stream} {threadId}";

    /// <summary>The fields that name it in a request.</summary>
    public string Fields => $"\"stream\":\"{stream}\"{(threadId is null ? "" : $",\"threadId\":{Wire.Quote(threadId)}")}";

    /// <summary>A place in the log, the third part of a cursor.</summary>
    public static long PositionOf(string cursor) => BinaryPrimitives.ReadInt64BigEndian(Base64Url.DecodeFromChars(cursor).AsSpan(16));

    /// <summary>A cursor it was once given, often the last one, with the view of then; null where there is none.</summary>
    public (string Cursor, View View)? AnyCursor() => _kept.Count > 0 && random.Next(2) == 0 ? _kept[random.Next(_kept.Count)] : Last;

    /// <summary>Whether a new snapshot was asked for, until which updates do not count.</summary>
    public bool IsAskedAnew { get; private set; }

    public void AskedAnew() => (IsLive, IsAskedAnew, Last) = (false, true, null);

    public void ConnectionEnded() => (IsLive, IsAskedAnew) = (false, false);

    /// <summary>Broadcast mode begins anew with each connection.</summary>
    public void Begin() => (View, Position, IsLive) = (View.Empty with { Floor = long.MaxValue }, -1, true);

    /// <summary>The server goes on after a cursor.</summary>
    public void Resumed(JsonElement reply, View from)
    {
        (View, Position, IsLive, IsAskedAnew) = (from, PositionOf(reply.Text("cursor")), true, false);
        Keep(reply.Text("cursor"));
    }

    /// <summary>A snapshot takes the place of all that was known.</summary>
    public void Snapshot(JsonElement frame)
    {
        var view = View.Empty with { Floor = frame.TryGetProperty("nextPage", out var next) && next.ValueKind != JsonValueKind.Null ? FloorOf(frame) : null };
        if (stream == "thread")
        {
            foreach (var row in frame.GetProperty("messages").EnumerateArray()) view = view.With(ShownMessage.Of(row));
            foreach (var (part, name) in (ReadOnlySpan<(string, string)>)[("toolCalls", "tool_calls"), ("runs", "runs"), ("permissions", "permissions")])
            {
                foreach (var row in frame.GetProperty(part).EnumerateArray()) view = view.With(name, row);
            }

            foreach (var (part, name) in (ReadOnlySpan<(string, string)>)[("thread", "threads"), ("plan", "plan"), ("state", "state")])
            {
                if (frame.GetProperty(part) is { ValueKind: not JsonValueKind.Null } row) view = view.With(name, row);
            }
        }
        else
        {
            foreach (var row in frame.GetProperty("rows").EnumerateArray()) view = stream == "messages" ? view.With(ShownMessage.Of(row)) : view.With(stream, row);
        }

        (View, Position, IsLive, IsAskedAnew) = (view, PositionOf(frame.Text("cursor")), true, false);
        Keep(frame.Text("cursor"));
    }

    /// <summary>The field by which rows older than a snapshot are told; plans and states have none, and need none.</summary>
    public string? FloorKey => stream switch { "threads" or "tool_calls" => "updatedAt", "permissions" => "createdAt", "runs" when threadId is null => "createdAt", _ => "order" };

    private long FloorOf(JsonElement frame)
    {
        string[] parts = stream == "thread" ? ["messages", "toolCalls", "runs"] : ["rows"];
        // Pending permissions come before newer ones.
        return parts.SelectMany(part => frame.GetProperty(part).EnumerateArray())
            .Where(row => stream != "permissions" || row.Text("status") != "pending")
            .Select(row => row.Number(FloorKey!)).DefaultIfEmpty(long.MaxValue).Min();
    }

    /// <summary>Whether an update is of this subscription.</summary>
    public bool Covers(JsonElement frame)
    {
        var of = frame.Text("stream");
        var thread = frame.TryGetProperty("threadId", out var id) ? id.GetString() : frame.GetProperty("row").Text("id");
        return stream switch
        {
            Everything => true,
            "threads" => of == "threads",
            "thread" => thread == threadId,
            _ => (threadId is null || thread == threadId) && (of == stream || frame.Has("deleted")),
        };
    }

    /// <summary>Takes an update of this subscription.</summary>
    /// <param name="isShared">Whether another subscription of the connection covers it too, and may be the reason it is sent.</param>
    public void Apply(JsonElement frame, bool isShared)
    {
        string? cursor = null;
        if (frame.TryGetProperty("cursor", out var given))
        {
            cursor = given.GetString()!;
            var position = PositionOf(cursor);
            if (position <= Position) return; // Sent for the other subscription; here it is in the view.
            Position = position;
        }

        View = Changed(frame, isShared);
        if (cursor is not null && stream != Everything) Keep(cursor);
    }

    /// <summary>Whether a cursor leads back where only this subscription is on the connection.</summary>
    public bool LeadsBack(JsonElement frame) => frame.TryGetProperty("cursor", out var cursor) && PositionOf(cursor.GetString()!) <= Position;

    public void Fetched(string query, JsonElement row) => View = View.Fetched(query, row);

    private View Changed(JsonElement frame, bool mayRepeat)
    {
        if (frame.Has("deleted")) return View.Without(frame.Text("threadId"));
        var of = frame.Text("stream");
        if (of != "messages")
        {
            var row = frame.GetProperty("row");
            // The list has no archived threads.
            return stream == "threads" && row.GetProperty("archived").GetBoolean() ? View.Without(row.Text("id")) : View.With(of, row, isAhead: !frame.Has("cursor"));
        }

        var known = View.Messages.GetValueOrDefault(frame.Text("itemId"));
        if (frame.Text("type") == "tinyvex.finalize")
        {
            if (known is not null) return View.With(known.Ended(frame, mayRepeat));
            return View.Floor is not null ? View : throw new Contradiction("the end of a message that was never shown");
        }

        if (known is null)
        {
            var begun = new ShownMessage(frame.Text("threadId"), frame.Text("itemId"), frame.Text("kind"), frame.Text("role"), frame.Number("order"), 0, 0, "");
            // Older than the snapshot reached; what comes of it for another subscription may have cursors that are behind here, and so be passed over.
            var isBelow = mayRepeat && begun.Order < View.Floor;
            if (isBelow || frame.Number("fromSeq") > 1)
            {
                return View.Floor is not null ? View.With(begun with { IsCut = true, Seq = frame.Number("seq") })
                    : throw new Contradiction($"a message begins with chunk {frame.Number("fromSeq")}");
            }

            known = begun;
        }

        return View.With(known.With(frame, mayRepeat));
    }

    private void Keep(string cursor)
    {
        Last = (cursor, View);
        if (_kept.Count < MostKept) _kept.Add(Last.Value);
        else if (random.Next(20) == 0) _kept[random.Next(MostKept)] = Last.Value;
    }
}
