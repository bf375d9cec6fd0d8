namespace Tinyvex.Contract;

/// <summary>All that is on the wire. What is reached from these types belongs to it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ServerFrame))]
[JsonSerializable(typeof(Controls))]
[JsonSerializable(typeof(Queries))]
[JsonSerializable(typeof(Streams))]
[JsonSerializable(typeof(Role))]
[JsonSerializable(typeof(ToolKind))]
[JsonSerializable(typeof(ToolCallStatus))]
[JsonSerializable(typeof(StopReason))]
[JsonSerializable(typeof(PlanEntryPriority))]
[JsonSerializable(typeof(PlanEntryStatus))]
[JsonSerializable(typeof(PermissionOptionKind))]
[JsonSerializable(typeof(IReadOnlyList<ConfigValue>))]
[JsonSerializable(typeof(IReadOnlyList<ConfigValueGroup>))]
[JsonSerializable(typeof(RunFailure))]
[JsonSerializable(typeof(ReadyLine))]
[JsonSerializable(typeof(AlreadyRunningLine))]
[JsonSerializable(typeof(Health))]
public sealed partial class ContractJson : JsonSerializerContext;
