using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tinyvex.Tests.Architecture;

/// <summary>JSON without reflection, which a trimmed file could not keep its promises with.</summary>
public partial class JsonTests
{
    [Test]
    public async Task The_serializer_is_always_given_its_source_generated_context()
    {
        var calls = (
            from file in Repository.Sources("src")
            from line in Repository.Code(file).Split('\n')
            where SerializerCall().IsMatch(line)
            select (File: file, Line: line.Trim())).ToList();
        await Assert.That(calls.Count).IsGreaterThan(0);

        await Repository.NoneOf(calls.Where(call => !Context().IsMatch(call.Line)).Select(call => $"{call.File}: {call.Line}"));
    }

    [Test]
    public async Task Reflection_is_off() => await Assert.That(JsonSerializer.IsReflectionEnabledByDefault).IsFalse();

    [GeneratedRegex(@"\bJsonSerializer\.(De)?[Ss]erialize\w*\(")]
    private static partial Regex SerializerCall();

    [GeneratedRegex(@"\b\w+Json\.Default\.\w+\)")]
    private static partial Regex Context();
}
