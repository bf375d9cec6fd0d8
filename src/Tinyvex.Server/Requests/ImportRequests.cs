using System.Text.Json;
using Tinyvex.Acp;
using Tinyvex.Protocol;
using Tinyvex.Writing;

namespace Tinyvex.Requests;

/// <summary>Reads <c>tvx.import</c>: a part of a conversation from elsewhere, with the times it had there.</summary>
internal static class ImportRequests
{
    /// <summary>Entries of one request; a part is one transaction.</summary>
    private const int MaxEntries = 10_000;

    public static WriteCommand Import(Request request, IdempotencyKey? key, Action<WriteOutcome> completed)
    {
        var root = request.Root;
        var entries = new List<ImportEntry>();
        if (root.TryGetProperty("entries"u8, out var given) && given.ValueKind != JsonValueKind.Null)
        {
            if (given.ValueKind != JsonValueKind.Array) throw TinyvexException.BadRequest("'entries' must be an array");
            if (given.GetArrayLength() > MaxEntries) throw new TinyvexException(ErrorCode.TooLarge, $"'entries' may hold {MaxEntries} entries");
            foreach (var entry in given.EnumerateArray()) entries.Add(Entry(request, entry));
        }

        var position = request.OptionalId(root, "position");
        if (position is null && entries.Count > 0) throw TinyvexException.BadRequest("'position' (a string) is needed with 'entries'");
        return new ImportEntries
        {
            Key = key,
            Completed = completed,
            ThreadId = request.RequiredThreadId(),
            After = request.OptionalId(root, "after"),
            Position = position,
            Thread = root.TryGetProperty("thread"u8, out var thread) && thread.ValueKind != JsonValueKind.Null ? Thread(request, thread) : new ImportedThread(),
            Entries = entries,
            Length = request.Json.Length,
        };
    }

    private static ImportedThread Thread(Request request, JsonElement thread)
    {
        Object(thread, "thread");
        return new ImportedThread
        {
            Title = WriteRequests.Text(thread, "title"),
            Archived = Request.OptionalBool(thread, "archived"),
            Source = request.OptionalId(thread, "source"),
            WorkingDirectory = WriteRequests.Directory(thread),
            ProjectId = request.OptionalId(thread, "projectId"),
            ResumeId = request.OptionalId(thread, "resumeId"),
            CreatedAt = Time(thread, "createdAt"),
        };
    }

    private static ImportEntry Entry(Request request, JsonElement entry)
    {
        Object(entry, "an entry");
        var ts = Time(entry, "ts");
        foreach (var field in entry.EnumerateObject())
        {
            var value = field.Value;
            switch (field.Name)
            {
                case "ts":
                    continue;
                case "update":
                    return new ImportedUpdate(ts, Update(request.Json, value));
                case "finalize":
                    return new ImportedFinalize(ts);
                case "begin":
                    Object(value, "begin");
                    return new ImportedBegin(ts, request.RequiredId(value, "runId"), request.OptionalId(value, "agent"), Prompt(request, value));
                case "end":
                    Object(value, "end");
                    return new ImportedEnd(ts, request.RequiredId(value, "runId"), Status(value), Request.OptionalString(value, "stopReason"), Error(request, value));
                case "run":
                    Object(value, "run");
                    return new ImportedRun(
                        ts, request.RequiredId(value, "runId"), request.OptionalId(value, "agent"), Prompt(request, value), Status(value),
                        Request.OptionalString(value, "stopReason"), Error(request, value), Time(value, "startedAt"), Time(value, "finishedAt"));
                case "permission":
                    Object(value, "permission");
                    return new ImportedPermission(
                        ts, request.OptionalId(value, "runId"), Needed(request, value, "toolCall", JsonValueKind.Object),
                        Needed(request, value, "options", JsonValueKind.Array), Optional(request, value, "outcome", JsonValueKind.Object),
                        request.OptionalId(value, "answeredBy"), Time(value, "answeredAt"));
                case "elicitation":
                    Object(value, "elicitation");
                    var asked = Needed(request, value, "request", JsonValueKind.Object);
                    ElicitationRequest.Check(value.GetProperty("request"u8));
                    var outcome = Optional(request, value, "outcome", JsonValueKind.Object);
                    var action = outcome is null ? null : WriteRequests.ElicitationAction(value.GetProperty("outcome"u8));
                    return new ImportedElicitation(
                        ts, request.OptionalId(value, "runId"), asked, action, outcome, request.OptionalId(value, "answeredBy"), Time(value, "answeredAt"));
                case "session":
                    Object(value, "session");
                    return new ImportedSession(
                        ts, Request.OptionalString(value, "currentModeId"), Optional(request, value, "availableModes", JsonValueKind.Array),
                        Optional(request, value, "configOptions", JsonValueKind.Array));
            }
        }

        throw TinyvexException.BadRequest("an entry needs one of update, finalize, begin, end, run, permission, elicitation and session");
    }

    /// <summary>An update as far as it can be read: one that breaks the protocol is kept in the log alone, as one of a running agent is.</summary>
    private static SessionUpdate Update(ReadOnlyMemory<byte> json, JsonElement update)
    {
        try
        {
            return SessionUpdate.Parse(json, update);
        }
        catch (TinyvexException)
        {
            var name = update.ValueKind == JsonValueKind.Object && update.TryGetProperty("sessionUpdate"u8, out var kind)
                && kind.ValueKind == JsonValueKind.String && !JsonText.HasLoneSurrogate(kind) ? kind.GetString()! : "invalid";
            return SessionUpdate.Unknown(json, update, name);
        }
    }

    /// <summary>An error as runs have it: <c>code</c>, <c>message</c> and <c>data</c>.</summary>
    private static ReadOnlyMemory<byte>? Error(Request request, JsonElement of)
    {
        if (Optional(request, of, "error", JsonValueKind.Object) is null) return null;
        var error = of.GetProperty("error"u8);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            json.WriteStartObject();
            json.WriteString("code"u8, Request.OptionalString(error, "code") ?? ErrorCode.AgentError.Wire());
            json.WriteString("message"u8, Request.RequiredString(error, "message"));
            json.WritePropertyName("data"u8);
            if (error.TryGetProperty("data"u8, out var data)) json.WriteRawValue(request.Json.Slice(data).Span, skipInputValidation: true);
            else json.WriteNullValue();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static string Status(JsonElement of)
    {
        var status = Request.RequiredString(of, "status");
        return status is "completed" or "cancelled" or "failed"
            ? status
            : throw TinyvexException.BadRequest("'status' must be completed, cancelled or failed");
    }

    private static ReadOnlyMemory<byte> Prompt(Request request, JsonElement of)
    {
        var prompt = Needed(request, of, "prompt", JsonValueKind.Array);
        foreach (var block in of.GetProperty("prompt"u8).EnumerateArray())
        {
            // Text that is cut inside a character is taken, as from an agent.
            if (block.ValueKind != JsonValueKind.Object) throw TinyvexException.BadRequest("a block of 'prompt' must be an object");
            if (Request.RequiredString(block, "type") == "text") SessionUpdate.Required(block, "text", JsonValueKind.String, "a block of 'prompt'");
        }

        return prompt;
    }

    private static ReadOnlyMemory<byte> Needed(Request request, JsonElement of, string field, JsonValueKind kind) =>
        Optional(request, of, field, kind) ?? throw TinyvexException.BadRequest($"'{field}' is needed");

    private static ReadOnlyMemory<byte>? Optional(Request request, JsonElement of, string field, JsonValueKind kind)
    {
        if (!of.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != kind) throw TinyvexException.BadRequest($"'{field}' must be {(kind == JsonValueKind.Array ? "an array" : "an object")}");
        return request.Json.Slice(value);
    }

    private static void Object(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.Object) throw TinyvexException.BadRequest($"'{name}' must be an object");
    }

    /// <summary>Unix milliseconds.</summary>
    private static long? Time(JsonElement of, string field)
    {
        if (!of.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var time) && time >= 0
            ? time
            : throw TinyvexException.BadRequest($"'{field}' must be a time in Unix milliseconds");
    }
}
