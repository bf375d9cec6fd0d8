using System.Text.Json;
using Tinyvex.Protocol;
using Tinyvex.Queries;
using Tinyvex.Storage;

namespace Tinyvex.Requests;

/// <summary>A <c>tvx.query</c>, its arguments checked, ready to be read from the store (docs/protocol.md, "Queries").</summary>
internal sealed class Query
{
    private static readonly JsonElement NoArguments = JsonDocument.Parse("{}").RootElement;

    private readonly ReadOnlyMemory<byte>? _id;
    private readonly string _name;
    private readonly string? _threadId;
    private readonly Action<StoreConnection, Utf8JsonWriter> _write;

    private Query(ReadOnlyMemory<byte>? id, string name, string? threadId, Action<StoreConnection, Utf8JsonWriter> write) =>
        (_id, _name, _threadId, _write) = (id, name, threadId, write);

    public static Query Read(Request request, ConnectionServices services)
    {
        var name = request.RequiredString("name");
        var args = NoArguments;
        if (request.Root.TryGetProperty("args"u8, out var given) && given.ValueKind != JsonValueKind.Null)
        {
            if (given.ValueKind != JsonValueKind.Object) throw TinyvexException.BadRequest("'args' must be an object");
            args = given;
        }

        var threadId = request.OptionalThreadId(args);
        var page = Request.OptionalString(args, "page");
        var limit = Request.Limit(args);
        var whole = Request.OptionalBool(args, "whole") ?? false;
        return new Query(request.Id, name, threadId, name switch
        {
            "threads.list" => (store, json) => ThreadQueries.List(store, json, args),
            "threads.get" when Required() is var id => (store, json) => ThreadQueries.Get(store, json, id),
            TimelineQueries.Messages when Required() is var id => (store, json) => TimelineQueries.WriteMessages(store, json, id, limit, page),
            "messages.get" when (Required(), request.RequiredId(args, "itemId")) is var (id, item) =>
                (store, json) => TimelineQueries.GetMessage(store, json, id, item),
            TimelineQueries.ToolCalls when Required() is var id => (store, json) => TimelineQueries.WriteToolCalls(store, json, id, limit, page),
            "tool_calls.get" when (Required(), request.RequiredId(args, "toolCallId")) is var (id, call) =>
                (store, json) => TimelineQueries.GetToolCall(store, json, id, call),
            "terminals.list" when Required() is var id => (store, json) => TerminalQueries.WriteList(store, json, id, limit, page),
            "terminals.get" when (Required(), request.RequiredId(args, "terminalId")) is var (id, terminal) =>
                (store, json) => TerminalQueries.Get(store, json, id, terminal),
            TimelineQueries.Timeline when Required() is var id => (store, json) => TimelineQueries.WriteTimeline(store, json, id, limit, page, whole),
            "plan.get" when Required() is var id => (store, json) => StateQueries.WritePlan(store, json, id, whole: true),
            "state.get" when Required() is var id => (store, json) => StateQueries.WriteState(store, json, id, whole: true),
            "events.list" when (Required(), Request.OptionalString(args, "since")) is var (id, since) =>
                (store, json) => EventQueries.Write(store, json, services.Identity, id, since ?? page, limit, isLog: false),
            "log.list" when (Required(), Request.OptionalString(args, "since")) is var (id, since) =>
                (store, json) => EventQueries.Write(store, json, services.Identity, id, since ?? page, limit, isLog: true),
            TimelineQueries.Runs => (store, json) => TimelineQueries.WriteRuns(store, json, threadId, limit, page),
            "permissions.list" when Request.OptionalString(args, "status") is var status =>
                (store, json) => RequestQueries.List(store, json, RequestTables.Permissions, threadId, status, limit, page, whole),
            "elicitations.list" when Request.OptionalString(args, "status") is var status =>
                (store, json) => RequestQueries.List(store, json, RequestTables.Elicitations, threadId, status, limit, page),
            "search" when Request.RequiredString(args, "text") is var text =>
                (store, json) => SearchQueries.Search(store, json, text, threadId, limit, page),
            "agents.list" => (_, json) => services.Sessions.Agents.Write(json),
            "server.info" => (store, json) => ServerInfo.Write(store, json, services),
            _ => throw new TinyvexException(
                ErrorCode.UnknownQuery, $"there is no query '{(name.Length > 100 ? name[..100] : name)}'; docs/protocol.md lists those there are"),
        });

        string Required() => threadId ?? throw TinyvexException.BadRequest("'threadId' (a string) is needed in 'args'");
    }

    public void Write(StoreConnection store, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tinyvex.query_result"u8);
        Replies.Id(json, _id);
        json.WriteString("name"u8, _name);
        if (_threadId is not null) json.WriteString("threadId"u8, _threadId);
        _write(store, json);
        json.WriteEndObject();
    }
}
