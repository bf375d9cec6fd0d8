namespace Tinyvex.Contract.Frames;

/// <summary>Everything that the server sends. Types, streams and fields may be added, so pass over what is not known.</summary>
[JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToNearestAncestor)]
[JsonDerivedType(typeof(AckFrame))]
[JsonDerivedType(typeof(ErrorFrame))]
[JsonDerivedType(typeof(EchoFrame))]
[JsonDerivedType(typeof(QueryResultFrame))]
[JsonDerivedType(typeof(RunSubmittedFrame))]
[JsonDerivedType(typeof(AuthCodeFrame))]
[JsonDerivedType(typeof(AuthTokenFrame))]
[JsonDerivedType(typeof(SnapshotFrame))]
[JsonDerivedType(typeof(ResumedFrame))]
[JsonDerivedType(typeof(UpdateFrame))]
[JsonDerivedType(typeof(FinalizeFrame))]
[JsonDerivedType(typeof(RunRequestedFrame))]
[JsonDerivedType(typeof(CancelRequestedFrame))]
[JsonDerivedType(typeof(PermissionAnsweredFrame))]
[JsonDerivedType(typeof(ElicitationAnsweredFrame))]
public abstract record ServerFrame;

/// <summary>The request was done. Of a write: it is committed.</summary>
public sealed record AckFrame : ServerFrame
{
    public string Type => "tinyvex.ack";

    /// <summary>That of the request; absent where it had none.</summary>
    [OneOf(typeof(string), typeof(double))]
    public JsonElement? Id { get; init; }

    /// <summary>Of <c>tvx.create_thread</c>, <c>tvx.hold</c> and <c>tvx.begin_run</c>: the thread.</summary>
    public string? ThreadId { get; init; }

    /// <summary>Of <c>tvx.hold</c> alone: the thread was made by it.</summary>
    [OnlyTrue]
    public bool? Created { get; init; }

    /// <summary>Of <c>tvx.begin_run</c> alone.</summary>
    public string? RunId { get; init; }

    /// <summary>Of <c>tvx.request_permission</c> and <c>tvx.request_elicitation</c> alone.</summary>
    public string? RequestId { get; init; }

    /// <summary>Of writes alone: the place of this one in the log.</summary>
    public string? Cursor { get; init; }
}

/// <summary>The request was refused, and changed nothing.</summary>
public sealed record ErrorFrame : ServerFrame
{
    public string Type => "tinyvex.error";

    /// <summary>That of the request; absent where it had none.</summary>
    [OneOf(typeof(string), typeof(double))]
    public JsonElement? Id { get; init; }

    /// <summary>Only on the stdout of a server with <c>--ingest-stdin</c>: which line of its stdin, from 1 on, was no request.</summary>
    public long? Line { get; init; }

    public required ErrorCode Code { get; init; }

    /// <summary>The fault and the remedy, for people.</summary>
    public required string Message { get; init; }

    /// <summary>What more is known: of a <c>conflict</c> over a permission its <c>status</c> and <c>outcome</c>.</summary>
    public JsonElement? Data { get; init; }
}

/// <summary>What was sent, or null.</summary>
public sealed record EchoFrame : ServerFrame
{
    public string Type => "echo";

    /// <summary>That of the request; absent where it had none.</summary>
    [OneOf(typeof(string), typeof(double))]
    public JsonElement? Id { get; init; }

    public required JsonElement Payload { get; init; }

    public required JsonElement Tag { get; init; }

    /// <summary>The server's time.</summary>
    public required long Timestamp { get; init; }
}

/// <summary>The rows that a query asked for.</summary>
public sealed record QueryResultFrame : ServerFrame
{
    public string Type => "tinyvex.query_result";

    /// <summary>That of the request; absent where it had none.</summary>
    [OneOf(typeof(string), typeof(double))]
    public JsonElement? Id { get; init; }

    [KeyOf(typeof(Queries))]
    public required string Name { get; init; }

    /// <summary>The thread that <c>args</c> named.</summary>
    public string? ThreadId { get; init; }

    [OfEntry("row")]
    public required IReadOnlyList<JsonElement> Rows { get; init; }

    /// <summary>The next <c>page</c>: null on the last, absent where there are none.</summary>
    [OrNull]
    public string? NextPage { get; init; }
}

/// <summary>The prompt is kept, and its turn starts when its time comes.</summary>
public sealed record RunSubmittedFrame : ServerFrame
{
    public string Type => "run.submitted";

    /// <summary>That of the request; absent where it had none.</summary>
    [OneOf(typeof(string), typeof(double))]
    public JsonElement? Id { get; init; }

    public required string ThreadId { get; init; }

    public required string RunId { get; init; }

    /// <summary>When it was taken.</summary>
    public required long Timestamp { get; init; }

    /// <summary>Its place in the log.</summary>
    public required string Cursor { get; init; }
}

/// <summary>A code that lets one client in, once, as the subprotocol <c>tinyvex.code.CODE</c>.</summary>
public sealed record AuthCodeFrame : ServerFrame
{
    public string Type => "auth.code";

    /// <summary>That of the request; absent where it had none.</summary>
    [OneOf(typeof(string), typeof(double))]
    public JsonElement? Id { get; init; }

    public required string Code { get; init; }

    /// <summary>In Unix milliseconds.</summary>
    public required long ExpiresAt { get; init; }
}

/// <summary>The token, for one who was let in by a code.</summary>
public sealed record AuthTokenFrame : ServerFrame
{
    public string Type => "auth.token";

    /// <summary>That of the request; absent where it had none.</summary>
    [OneOf(typeof(string), typeof(double))]
    public JsonElement? Id { get; init; }

    /// <summary>Null where the server asks for none.</summary>
    public required string? Token { get; init; }
}

/// <summary>The subscription goes on after the cursor that was given: what was missed follows, merged, and then what is new.</summary>
public sealed record ResumedFrame : ServerFrame
{
    public string Type => "tinyvex.resumed";

    /// <summary>That of the request; absent where it had none.</summary>
    [OneOf(typeof(string), typeof(double))]
    public JsonElement? Id { get; init; }

    public required StreamName Stream { get; init; }

    public string? ThreadId { get; init; }

    public required string Cursor { get; init; }
}

/// <summary>A message is final, and never changes again.</summary>
public sealed record FinalizeFrame : ServerFrame
{
    public string Type => "tinyvex.finalize";

    public string Stream => "messages";

    public required string ThreadId { get; init; }

    public required string ItemId { get; init; }

    public required MessageKind Kind { get; init; }

    public required Role? Role { get; init; }

    public required long Seq { get; init; }

    /// <summary>In bytes of UTF-8.</summary>
    public required long TextLen { get; init; }

    /// <summary>Everything up to here has been sent. Where it is absent, keep the one you have.</summary>
    [JsonPropertyOrder(1)]
    public string? Cursor { get; init; }
}

/// <summary>To the connection that runs the agent: the turn has begun. It answers with updates, and ends it with <c>tvx.end_run</c>.</summary>
public sealed record RunRequestedFrame : ServerFrame
{
    public string Type => "run.requested";

    public required string RunId { get; init; }

    public required string ThreadId { get; init; }

    /// <summary>Whole, whatever its size; empty for a turn that the client began without one.</summary>
    public required IReadOnlyList<ContentBlock> Prompt { get; init; }

    /// <summary>Null where the thread has none.</summary>
    public required string? WorkingDirectory { get; init; }

    /// <summary>It was asked for before, on a connection that was lost: who works on it still goes on, others begin anew or end it.</summary>
    [OnlyTrue]
    public bool? Again { get; init; }
}

/// <summary>To the connection that runs the agent: the turn is to be ended with <c>tvx.end_run</c>, within 10 s.</summary>
public sealed record CancelRequestedFrame : ServerFrame
{
    public string Type => "run.cancel_requested";

    public required string RunId { get; init; }

    public required string ThreadId { get; init; }
}

/// <summary>To the connection that asked with <c>tvx.request_permission</c>.</summary>
public sealed record PermissionAnsweredFrame : ServerFrame
{
    public string Type => "permission.answered";

    public required string RequestId { get; init; }

    public required string ThreadId { get; init; }

    /// <summary>Absent where it was asked outside of a run.</summary>
    public string? RunId { get; init; }

    public required PermissionOutcome Outcome { get; init; }
}

/// <summary>To the connection that asked with <c>tvx.request_elicitation</c>.</summary>
public sealed record ElicitationAnsweredFrame : ServerFrame
{
    public string Type => "elicitation.answered";

    public required string RequestId { get; init; }

    public required string ThreadId { get; init; }

    /// <summary>Absent where it was asked outside of a run.</summary>
    public string? RunId { get; init; }

    public required ElicitationOutcome Outcome { get; init; }
}
