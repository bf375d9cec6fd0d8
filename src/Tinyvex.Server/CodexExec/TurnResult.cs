namespace Tinyvex.CodexExec;

/// <summary>How a turn ended: with a reason to stop, or a failure.</summary>
internal sealed record TurnResult(string StopReason, TokenUsage? Usage = null, CodexExecException? Failure = null);
