namespace Tinyvex.Contract.Frames;

/// <summary>The ack of <c>tvx.begin_run</c>.</summary>
public sealed record RunBegunFrame
{
    public string Type => "tinyvex.ack";

    /// <summary>That of the request; absent where it had none.</summary>
    [OneOf(typeof(string), typeof(double))]
    public JsonElement? Id { get; init; }

    public required string ThreadId { get; init; }

    public required string RunId { get; init; }

    public required string Cursor { get; init; }
}
