namespace Tinyvex.Contract.Frames;

/// <summary>The ack of <c>tvx.hold</c>.</summary>
public sealed record ThreadHeldFrame
{
    public string Type => "tinyvex.ack";

    /// <summary>That of the request; absent where it had none.</summary>
    [OneOf(typeof(string), typeof(double))]
    public JsonElement? Id { get; init; }

    public required string ThreadId { get; init; }

    /// <summary>The thread was made by this.</summary>
    [OnlyTrue]
    public bool? Created { get; init; }

    public required string Cursor { get; init; }
}
