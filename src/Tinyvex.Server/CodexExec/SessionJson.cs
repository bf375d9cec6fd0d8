using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tinyvex.CodexExec;

/// <summary>JSON of the files of sessions.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CodexSession))]
internal sealed partial class SessionJson : JsonSerializerContext;
