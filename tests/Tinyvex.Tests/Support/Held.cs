using System.Text.Json;
using Tinyvex.Contract.Lines;
using Tinyvex.Contract.TypeScript.Shapes;

namespace Tinyvex.Tests.Support;

/// <summary>Holds what a server says against the contract. Every client of the tests does so with all that it receives.</summary>
internal static class Held
{
    private const int MaxShown = 2_000;

    private static readonly ShapeCheck Check = new(trustsAgents: false);

    public static ContractShapes Shapes { get; } = new();

    /// <summary>A frame as it was received.</summary>
    public static JsonElement Frame(JsonElement frame) => Hold(frame, Check.FaultOf(frame, Shapes.Frame));

    /// <summary>The answer to a request, which is an error or what the request is answered with.</summary>
    public static JsonElement Reply(JsonElement frame, string control)
    {
        if (Shapes.Controls.Find(control) is not { } entry || frame.GetProperty("type").ValueEquals("tinyvex.error")) return frame;
        return Hold(frame, Check.FaultOf(frame, ((ObjectShape)entry.Shape).Find("reply")!.Shape));
    }

    /// <summary>What a server says first on stdout: that it is ready, or that another is.</summary>
    public static JsonElement FirstLine(JsonElement line) => Hold(line, Check.FaultOf(line, new ChoiceShape([ShapeOf<ReadyLine>(), ShapeOf<AlreadyRunningLine>()])));

    /// <summary>The answer of <c>/healthz</c>.</summary>
    public static JsonElement Health(JsonElement health) => Hold(health, Check.FaultOf(health, ShapeOf<Health>()));

    private static ObjectShape ShapeOf<TLine>() => Shapes.Lines.Single(shape => shape.Type == typeof(TLine));

    private static JsonElement Hold(JsonElement frame, string? fault)
    {
        if (fault is null) return frame;
        var text = frame.GetRawText();
        throw new InvalidOperationException($"not in the contract: ${fault}\n{(text.Length > MaxShown ? text[..MaxShown] + "…" : text)}");
    }
}
