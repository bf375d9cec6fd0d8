namespace Tinyvex.Contract.Frames;

/// <summary>The ack of <c>tvx.request_permission</c> and <c>tvx.request_elicitation</c>; the answer follows as <c>permission.answered</c> or <c>elicitation.answered</c>.</summary>
public sealed record QuestionAskedFrame
{
    public string Type => "tinyvex.ack";

    /// <summary>That of the request; absent where it had none.</summary>
    [OneOf(typeof(string), typeof(double))]
    public JsonElement? Id { get; init; }

    public required string RequestId { get; init; }

    public required string Cursor { get; init; }
}
