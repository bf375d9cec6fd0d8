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

    public static bool IsForm(JsonElement request) => request.GetProperty("mode"u8).ValueEquals("form"u8);

    /// <summary>The name under which the agent says that it is completed; null for a form.</summary>
    public static string? ElicitationId(ReadOnlyMemory<byte> request)
    {
        using var document = JsonDocument.Parse(request, JsonText.DocumentOptions);
        return IsForm(document.RootElement) ? null : document.RootElement.GetProperty("elicitationId"u8).GetString();
    }
}
