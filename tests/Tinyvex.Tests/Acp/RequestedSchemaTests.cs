using System.Text.Json;
using Tinyvex.Acp;

namespace Tinyvex.Tests.Acp;

/// <summary>What fits a form of an agent, and what is said of what does not.</summary>
public class RequestedSchemaTests
{
    private const string Schema = """
        {"type":"object","required":["name"],"properties":{
          "name":{"type":"string","minLength":2,"maxLength":4,"pattern":"^[a-z]+$"},
          "n":{"type":"integer","minimum":0,"maximum":10},
          "f":{"type":"number","maximum":1.5,"minimum":null},
          "b":{"type":"boolean"},
          "e":{"type":"string","enum":["a","b"]},
          "t":{"type":"string","oneOf":[{"const":"x","title":"X"},{"const":"y","title":"Y"}]},
          "m":{"type":"array","minItems":1,"maxItems":2,"items":{"type":"string","enum":["p","q","r"]}},
          "u":{"type":"array","items":{"anyOf":[{"const":"k","title":"K"}]}},
          "later":{"type":"_colour"}}}
        """;

    [Test]
    [Arguments("""{"name":"ab"}""")]
    [Arguments("""{"name":"abcd","n":0,"f":1.5,"b":false,"e":"b","t":"y","m":["p","q"],"u":["k"],"later":{"r":1}}""")]
    [Arguments("""{"name":"😀😀😀😀","n":10,"f":-1e300}""")]
    [Arguments("""{"name":"AB"}""")]
    public async Task What_fits_is_taken(string content) => await Assert.That(Problem(content)).IsNull();

    [Test]
    [Arguments("{}", "'name' in 'content' is required")]
    [Arguments(null, "'name' in 'content' is required")]
    [Arguments("""{"name":"a"}""", "'name' in 'content' must be of 2 characters or more")]
    [Arguments("""{"name":"abcde"}""", "'name' in 'content' must be of 4 characters at most")]
    [Arguments("""{"name":null}""", "'name' in 'content' must be a string")]
    [Arguments("""{"name":7}""", "'name' in 'content' must be a string")]
    [Arguments("""{"name":"ab","n":1.5}""", "'n' in 'content' must be an integer")]
    [Arguments("""{"name":"ab","n":"1"}""", "'n' in 'content' must be an integer")]
    [Arguments("""{"name":"ab","n":-1}""", "'n' in 'content' must be 0 or more")]
    [Arguments("""{"name":"ab","n":11}""", "'n' in 'content' must be 10 or less")]
    [Arguments("""{"name":"ab","f":1.6}""", "'f' in 'content' must be 1.5 or less")]
    [Arguments("""{"name":"ab","f":true}""", "'f' in 'content' must be a number")]
    [Arguments("""{"name":"ab","b":"true"}""", "'b' in 'content' must be true or false")]
    [Arguments("""{"name":"ab","e":"c"}""", "'e' in 'content' must be one of a, b")]
    [Arguments("""{"name":"ab","t":"X"}""", "'t' in 'content' must be one of x, y")]
    [Arguments("""{"name":"ab","m":"p"}""", "'m' in 'content' must be an array")]
    [Arguments("""{"name":"ab","m":[1]}""", "'m' in 'content' must be an array of strings")]
    [Arguments("""{"name":"ab","m":["z"]}""", "'m' in 'content' must be of p, q, r")]
    [Arguments("""{"name":"ab","m":[]}""", "'m' in 'content' must be 1 or more of its values")]
    [Arguments("""{"name":"ab","m":["p","q","r"]}""", "'m' in 'content' must be 2 of its values at most")]
    [Arguments("""{"name":"ab","u":["K"]}""", "'u' in 'content' must be of k")]
    [Arguments("""{"name":"ab","more":1}""", "'more' in 'content' is not asked for")]
    [Arguments("""{"name":"ab","e":"a","e":"c"}""", "'e' in 'content' must be one of a, b")]
    public async Task What_does_not_is_named_with_what_would(string? content, string problem) => await Assert.That(Problem(content)).IsEqualTo(problem);

    [Test]
    [Arguments("{}", true)]
    [Arguments("""{"type":null,"properties":null,"required":null}""", true)]
    [Arguments("""{"type":"array"}""", false)]
    [Arguments("""{"properties":[]}""", false)]
    [Arguments("""{"properties":{"a":{}}}""", false)]
    [Arguments("""{"properties":{"a":"string"}}""", false)]
    [Arguments("""{"required":"a"}""", false)]
    [Arguments("""{"required":[1]}""", false)]
    public async Task A_form_is_a_flat_object(string schema, bool isOne)
    {
        using var document = JsonDocument.Parse(schema);
        await Assert.That(ProblemOf(() => RequestedSchema.Check(document.RootElement)) is null).IsEqualTo(isOne);
    }

    private static string? Problem(string? content)
    {
        using var schema = JsonDocument.Parse(Schema);
        using var given = content is null ? null : JsonDocument.Parse(content);
        RequestedSchema.Check(schema.RootElement);
        return ProblemOf(() => RequestedSchema.CheckContent(schema.RootElement, given?.RootElement ?? default));
    }

    private static string? ProblemOf(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (TinyvexException refused)
        {
            return refused.Message;
        }
    }
}
