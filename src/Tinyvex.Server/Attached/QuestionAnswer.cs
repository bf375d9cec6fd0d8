namespace Tinyvex.Attached;

/// <summary>What became of a host's question.</summary>
/// <param name="Outcome">As ACP: of a permission its outcome, of an elicitation the action with the content.</param>
internal sealed record QuestionAnswer(AskedQuestion Question, ReadOnlyMemory<byte> Outcome);
