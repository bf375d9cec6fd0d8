using Tinyvex.Acp;

namespace Tinyvex.Writing;

/// <summary>One thing that happened in a conversation that is brought in from elsewhere: a closed union.</summary>
/// <param name="Ts">When, in Unix milliseconds; null where it is not known, and then the time of the entry before it counts.</param>
internal abstract record ImportEntry(long? Ts);

/// <summary>The agent, or the user, said something.</summary>
internal sealed record ImportedUpdate(long? Ts, SessionUpdate Update) : ImportEntry(Ts);

/// <summary>The open message ended.</summary>
internal sealed record ImportedFinalize(long? Ts) : ImportEntry(Ts);

/// <summary>A turn began; its prompt becomes the user's message.</summary>
internal sealed record ImportedBegin(long? Ts, string RunId, string? Agent, ReadOnlyMemory<byte> Prompt) : ImportEntry(Ts);

/// <summary>A turn ended. Where an import was cut off in the middle of the turn, this is how it ended after all.</summary>
internal sealed record ImportedEnd(long? Ts, string RunId, string Status, string? StopReason, ReadOnlyMemory<byte>? Error) : ImportEntry(Ts);

/// <summary>A run that is over, as a row; the messages of its turn are entries of their own.</summary>
internal sealed record ImportedRun(
    long? Ts, string RunId, string? Agent, ReadOnlyMemory<byte> Prompt, string Status, string? StopReason, ReadOnlyMemory<byte>? Error, long? StartedAt,
    long? FinishedAt) : ImportEntry(Ts);

/// <summary>The agent asked for permission, and what came of it.</summary>
internal sealed record ImportedPermission(
    long? Ts, string? RunId, ReadOnlyMemory<byte> ToolCall, ReadOnlyMemory<byte> Options, ReadOnlyMemory<byte>? Outcome, string? AnsweredBy, long? AnsweredAt)
    : ImportEntry(Ts);

/// <summary>The agent wanted to know something of a person, and what came of it.</summary>
/// <param name="Action">What <paramref name="Outcome"/> says was done; null where nobody answered.</param>
internal sealed record ImportedElicitation(
    long? Ts, string? RunId, ReadOnlyMemory<byte> Request, string? Action, ReadOnlyMemory<byte>? Outcome, string? AnsweredBy, long? AnsweredAt)
    : ImportEntry(Ts);

/// <summary>What the agent said of its session when it made it.</summary>
internal sealed record ImportedSession(
    long? Ts, string? CurrentModeId, ReadOnlyMemory<byte>? AvailableModes, ReadOnlyMemory<byte>? ConfigOptions) : ImportEntry(Ts);
