using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tinyvex.Agents;

/// <summary>JSON of the agents file: written by people, so comments and a comma too many are taken.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(AgentsFile))]
internal sealed partial class AgentsJson : JsonSerializerContext;
