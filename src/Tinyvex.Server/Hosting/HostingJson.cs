using System.Text.Json;
using System.Text.Json.Serialization;
using Tinyvex.Contract.Lines;

namespace Tinyvex.Hosting;

/// <summary>JSON of files and lines that the server reads and writes beside the wire.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(ReadyLine))]
[JsonSerializable(typeof(AlreadyRunningLine))]
[JsonSerializable(typeof(RuntimeFile))]
internal sealed partial class HostingJson : JsonSerializerContext;
