using System.Text.Json;

namespace Tinyvex.Acp;

/// <summary>What an agent asks of a person in <c>elicitation/create</c>: a form to fill in, or a page to visit.</summary>
internal static class ElicitationRequest
{
    public const string Form = "form";
    public const string Url = "url";

    /// <summary>Refuses a request that nobody could answer.</summary>
    /// <exception cref="TinyvexException"><c>bad_request</c>.</exception>
    public static void Check(JsonElement request)
    {
        const string of = "elicitation/create";
        if (request.ValueKind != JsonValueKind.Object) throw TinyvexException.BadRequest(of + " needs its fields");
        SessionUpdate.RequiredString(request, "message", of);
        switch (SessionUpdate.RequiredString(request, "mode", of))
        {
            case Form:
                RequestedSchema.Check(SessionUpdate.Required(request, "requestedSchema", JsonValueKind.Object, of));
                break;
            case Url:
                SessionUpdate.RequiredString(request, "url", of);
                SessionUpdate.RequiredString(request, "elicitationId", of);
                break;
            default:
                throw TinyvexException.BadRequest("'mode' of elicitation/create must be form or url");
        }
    }

    /// <param name="json">The whole of it, as it came.</param>
    /// <exception cref="TinyvexException"><c>bad_request</c>, or <c>too_large</c>.</exception>
    public static void Check(ReadOnlyMemory<byte> json, JsonElement request, int maxBytes)
    {
        if (json.Length > maxBytes) throw new TinyvexException(ErrorCode.TooLarge, $"elicitation/create is longer than {maxBytes} bytes");
        if (!JsonText.AllNamesAreText(json.Span)) throw TinyvexException.BadRequest("a name in elicitation/create holds half a surrogate pair");
        Check(request);
    }

    public static bool IsForm(JsonElement request) => request.GetProperty("mode"u8).ValueEquals("form"u8);

    /// <summary>The name under which the agent says that it is completed; null for a form.</summary>
    public static string? ElicitationId(ReadOnlyMemory<byte> request)
    {
        using var document = JsonDocument.Parse(request, JsonText.DocumentOptions);
        return IsForm(document.RootElement) ? null : document.RootElement.GetProperty("elicitationId"u8).GetString();
    }
}
