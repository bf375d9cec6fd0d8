using System.Text;
using System.Text.Json;
using Tinyvex.Acp;
using Tinyvex.Protocol;
using Tinyvex.Storage;
using Tinyvex.Writing;

namespace Tinyvex.Requests;

/// <summary>Reads requests that write into commands (docs/protocol.md, "Writes").</summary>
internal static class WriteRequests
{
    /// <summary>Titles, paths and the like: what a person types.</summary>
    private const int MaxTextBytes = 64 * 1024;

    /// <summary>A thread's list of MCP servers or directories: all of it goes to the agent with each session.</summary>
    private const int MaxListBytes = 256 * 1024;

    /// <summary>Updates of one request; a batch is one transaction.</summary>
    private const int MaxUpdates = 10_000;

    /// <summary>The idempotency key, with a fingerprint of everything else in the request but its id.</summary>
    public static IdempotencyKey? ReadKey(Request request, string control, StoreIdentity identity)
    {
        if (request.OptionalId(request.Root, "key") is not { } key) return null;
        var fields = new SortedDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var field in request.Root.EnumerateObject())
        {
            if (field.Name is not ("id" or "key")) fields[field.Name] = request.Json.Slice(field.Value);
        }

        var payload = new System.Buffers.ArrayBufferWriter<byte>();
        foreach (var (name, value) in fields)
        {
            Encoding.UTF8.GetBytes(name, payload);
            payload.Write([(byte)'='], value.Span, [(byte)'\n']);
        }

        return new IdempotencyKey(key, control, Sha1.Hash(payload.WrittenSpan), outcome => Replies.Body(outcome, control, identity));
    }

    private static void Write(this System.Buffers.ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c)
    {
        System.Buffers.BuffersExtensions.Write(buffer, a);
        System.Buffers.BuffersExtensions.Write(buffer, b);
        System.Buffers.BuffersExtensions.Write(buffer, c);
    }

    /// <param name="needsThread">Whether a thread that does not exist is not made.</param>
    public static WriteCommand Ingest(Request request, IdempotencyKey? key, Action<WriteOutcome> completed, bool needsThread)
    {
        var root = request.Root;
        var hasOne = root.TryGetProperty("update"u8, out var one);
        var hasMany = root.TryGetProperty("updates"u8, out var many);
        if (hasOne == hasMany) throw TinyvexException.BadRequest("either 'update' (an ACP SessionUpdate) or 'updates' (an array of them) is needed");
        SessionUpdate[] updates;
        if (hasOne)
        {
            updates = [SessionUpdate.Parse(request.Json, one)];
        }
        else
        {
            if (many.ValueKind != JsonValueKind.Array) throw TinyvexException.BadRequest("'updates' must be an array of ACP SessionUpdate objects");
            if (many.GetArrayLength() > MaxUpdates) throw new TinyvexException(ErrorCode.TooLarge, $"'updates' may hold {MaxUpdates} updates");
            updates = [.. many.EnumerateArray().Select(update => SessionUpdate.Parse(request.Json, update))];
        }

        var threadId = request.RequiredThreadId();
        var provider = request.OptionalId(root, "provider");
        return request.OptionalId(root, "runId") is { } runId
            ? new IngestIntoRun { Key = key, Completed = completed, ThreadId = threadId, Provider = provider, Updates = updates, RunId = runId }
            : new IngestUpdates { Key = key, Completed = completed, ThreadId = threadId, Provider = provider, Updates = updates, NeedsThread = needsThread };
    }

    public static WriteCommand Finalize(Request request, IdempotencyKey? key, Action<WriteOutcome> completed)
    {
        var kind = request.OptionalString("kind");
        if (kind is not (null or "message" or "reason")) throw TinyvexException.BadRequest("'kind' must be message or reason");
        return new FinalizeMessages { Key = key, Completed = completed, ThreadId = request.RequiredThreadId(), Kind = kind };
    }

    public static WriteCommand CreateThread(Request request, IdempotencyKey? key, Action<WriteOutcome> completed, string author, ConnectionServices services)
    {
        var agent = request.OptionalId(request.Root, "agent");
        var sessionId = request.OptionalId(request.Root, "sessionId");
        if (sessionId is not null) agent = services.Sessions.Agents.Choose(agent, null);
        return new CreateThread
        {
            Key = key,
            Completed = completed,
            Title = Text(request.Root, "title"),
            WorkingDirectory = Directory(request.Root),
            Agent = agent,
            SessionId = sessionId,
            Policy = Policy(request.Root, author),
        };
    }

    public static WriteCommand UpdateThread(Request request, IdempotencyKey? key, Action<WriteOutcome> completed, string author)
    {
        if (!request.Root.TryGetProperty("updates"u8, out var updates) || updates.ValueKind != JsonValueKind.Object)
        {
            throw TinyvexException.BadRequest("'updates' (an object) is needed");
        }

        var any = false;
        Setting? title = null, projectId = null, directory = null;
        bool? archived = null;
        JsonSetting? servers = null, directories = null;
        PolicySetting? policy = null;
        foreach (var field in updates.EnumerateObject())
        {
            any = true;
            switch (field.Name)
            {
                case "title":
                    title = new Setting(Text(updates, "title"));
                    break;
                case "archived":
                    archived = Request.OptionalBool(updates, "archived") ?? throw TinyvexException.BadRequest("'archived' must be true or false");
                    break;
                case "projectId":
                    projectId = new Setting(request.OptionalId(updates, "projectId"));
                    break;
                case "workingDirectory":
                    directory = new Setting(Directory(updates));
                    break;
                case "mcpServers":
                    if (field.Value.ValueKind != JsonValueKind.Null) McpServerList.Check(field.Value);
                    servers = new JsonSetting(OrNull(request, field.Value));
                    break;
                case "additionalDirectories":
                    CheckDirectories(field.Value);
                    directories = new JsonSetting(OrNull(request, field.Value));
                    break;
                case "policy":
                    policy = Policy(updates, author) ?? throw TinyvexException.BadRequest($"'policy' must be {PolicyNames.Listed}");
                    break;
                default:
                    throw TinyvexException.BadRequest(
                        $"'{field.Name}' of a thread cannot be set; title, archived, projectId, workingDirectory, policy, mcpServers and additionalDirectories can");
            }
        }

        if (!any) throw TinyvexException.BadRequest("'updates' is empty");
        return new UpdateThread
        {
            Key = key,
            Completed = completed,
            ThreadId = request.RequiredThreadId(),
            Title = title,
            Archived = archived,
            ProjectId = projectId,
            WorkingDirectory = directory,
            McpServers = servers,
            AdditionalDirectories = directories,
            Policy = policy,
        };
    }

    private static ReadOnlyMemory<byte>? OrNull(Request request, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null || value.GetArrayLength() == 0) return null;
        var json = request.Json.Slice(value);
        return json.Length <= MaxListBytes ? json.ToArray() : throw new TinyvexException(ErrorCode.TooLarge, $"the list is longer than {MaxListBytes} bytes");
    }

    private static void CheckDirectories(JsonElement directories)
    {
        if (directories.ValueKind == JsonValueKind.Null) return;
        if (directories.ValueKind == JsonValueKind.Array && directories.EnumerateArray().All(IsAbsolute)) return;
        throw TinyvexException.BadRequest("'additionalDirectories' must be an array of absolute paths");

        static bool IsAbsolute(JsonElement path) => path.ValueKind == JsonValueKind.String && !JsonText.HasLoneSurrogate(path)
            && path.GetString() is { } text && Path.IsPathFullyQualified(text) && !text.Contains('\0', StringComparison.Ordinal);
    }

    public static WriteCommand DeleteThread(Request request, IdempotencyKey? key, Action<WriteOutcome> completed) =>
        new DeleteThread { Key = key, Completed = completed, ThreadId = request.RequiredThreadId() };

    public static WriteCommand SubmitRun(Request request, IdempotencyKey? key, Action<WriteOutcome> completed, ConnectionServices services, string author)
    {
        var asked = request.OptionalId(request.Root, "agent");
        var prompt = OptionalPrompt(request)
            ?? throw TinyvexException.BadRequest("'text' (a string that is not empty) or 'prompt' (ACP content blocks) is needed");
        return new SubmitRun
        {
            Key = key,
            Completed = completed,
            ThreadId = request.OptionalThreadId(request.Root),
            Prompt = prompt,
            WorkingDirectory = Directory(request.Root),
            Policy = Policy(request.Root, author),
            ChooseAgent = source =>
            {
                var agents = services.Sessions.Agents;
                var agent = agents.Choose(asked, source);
                // What it takes is known once it was started; until then its run tells.
                if (agents.Facts(agent) is { } facts) Sessions.PromptBlocks.Fit(prompt, facts, agent);
                return agent;
            },
            NamesAgent = asked is not null,
            MaxQueued = services.Options.MaxQueuedRuns,
            IsHeld = services.Sessions.Held.IsHeld,
        };
    }

    public static WriteCommand CancelRun(Request request, IdempotencyKey? key, Action<WriteOutcome> completed)
    {
        var threadId = request.OptionalThreadId(request.Root);
        var runId = request.OptionalId(request.Root, "runId");
        if (threadId is null && runId is null) throw TinyvexException.BadRequest("'threadId' or 'runId' (a string) is needed");
        return new CancelRun { Key = key, Completed = completed, ThreadId = threadId, RunId = runId };
    }

    public static WriteCommand RespondPermission(Request request, IdempotencyKey? key, Action<WriteOutcome> completed, string author)
    {
        var option = request.OptionalString("optionId");
        var cancelled = Request.OptionalBool(request.Root, "cancelled") ?? false;
        if (option is null != cancelled) throw TinyvexException.BadRequest("either 'optionId' (a string) or 'cancelled':true is needed");
        return new RespondPermission
        {
            Key = key,
            Completed = completed,
            RequestId = request.RequiredId(request.Root, "requestId"),
            OptionId = option,
            AnsweredBy = author,
        };
    }

    public static WriteCommand RespondElicitation(Request request, IdempotencyKey? key, Action<WriteOutcome> completed, string author)
    {
        var action = ElicitationAction(request.Root);
        ReadOnlyMemory<byte>? content = null;
        if (request.Root.TryGetProperty("content"u8, out var given) && given.ValueKind != JsonValueKind.Null)
        {
            if (given.ValueKind != JsonValueKind.Object) throw TinyvexException.BadRequest("'content' must be an object, as the form asks for it");
            if (action != Writing.RespondElicitation.Accept) throw TinyvexException.BadRequest("'content' goes with the action accept alone");
            content = request.Json.Slice(given);
        }

        return new RespondElicitation
        {
            Key = key,
            Completed = completed,
            RequestId = request.RequiredId(request.Root, "requestId"),
            Action = action,
            Content = content,
            AnsweredBy = author,
        };
    }

    public static string ElicitationAction(JsonElement of)
    {
        var action = Request.RequiredString(of, "action");
        return action is Writing.RespondElicitation.Accept or Writing.RespondElicitation.Decline or Writing.RespondElicitation.Cancel
            ? action
            : throw TinyvexException.BadRequest("'action' must be accept, decline or cancel");
    }

    /// <summary>The prompt as ACP content blocks: those sent, or the text as one.</summary>
    public static ReadOnlyMemory<byte>? OptionalPrompt(Request request)
    {
        var text = request.OptionalString("text");
        if (request.Root.TryGetProperty("prompt"u8, out var prompt) && prompt.ValueKind != JsonValueKind.Null)
        {
            if (text is not null) throw TinyvexException.BadRequest("either 'text' or 'prompt' is needed, not both");
            if (prompt.ValueKind != JsonValueKind.Array || prompt.GetArrayLength() == 0)
            {
                throw TinyvexException.BadRequest("'prompt' must be an array of ACP content blocks that is not empty");
            }

            foreach (var block in prompt.EnumerateArray())
            {
                if (block.ValueKind != JsonValueKind.Object) throw TinyvexException.BadRequest("a block of 'prompt' must be an object");
                if (Request.RequiredString(block, "type") == "text") Request.RequiredString(block, "text");
            }

            return request.Json.Slice(prompt);
        }

        if (string.IsNullOrEmpty(text)) return null;
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            json.WriteStartArray();
            json.WriteStartObject();
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, text);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }

    private static PolicySetting? Policy(JsonElement of, string author) => Request.OptionalString(of, "policy") is not { } name ? null
        : PolicyNames.Find(name) is { } policy ? new PolicySetting(policy, author)
        : throw TinyvexException.BadRequest($"'policy' must be {PolicyNames.Listed}");

    public static string? Text(JsonElement of, string field)
    {
        var text = Request.OptionalString(of, field);
        if (text is not null && Encoding.UTF8.GetByteCount(text) > MaxTextBytes)
        {
            throw new TinyvexException(ErrorCode.TooLarge, $"'{field}' is longer than {MaxTextBytes} bytes");
        }

        return text;
    }

    public static string? Directory(JsonElement of)
    {
        if (Text(of, "workingDirectory") is not { } path) return null;
        // ACP wants it absolute, and relative to what would anyone's guess be.
        return Path.IsPathFullyQualified(path) && !path.Contains('\0', StringComparison.Ordinal)
            ? path
            : throw TinyvexException.BadRequest("'workingDirectory' must be an absolute path");
    }
}
