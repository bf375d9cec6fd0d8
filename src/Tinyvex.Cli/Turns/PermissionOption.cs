using System.Text.Json;
using Tinyvex.Cli.Terminal;

namespace Tinyvex.Cli.Turns;

/// <summary>One of the answers that an agent offers for a permission request.</summary>
internal sealed record PermissionOption
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>ACP's kind: allow_once, allow_always, reject_once, reject_always, or one that came later.</summary>
    public required string Kind { get; init; }

    public bool Allows => Kind.StartsWith("allow", StringComparison.Ordinal);

    public bool Rejects => Kind.StartsWith("reject", StringComparison.Ordinal);

    public static List<PermissionOption> Of(JsonElement permission) =>
    [
        .. permission.Items("options").Select(option => new PermissionOption
        {
            Id = option.Text("optionId") ?? "",
            Name = option.Text("name") ?? option.Text("optionId") ?? "",
            Kind = option.Text("kind") ?? "",
        }),
    ];

    /// <summary>The option that says no, for now rather than for ever; null where none does.</summary>
    public static PermissionOption? Rejection(List<PermissionOption> options) =>
        options.Find(option => option.Kind == "reject_once") ?? options.Find(option => option.Rejects);

    /// <summary>The option that says yes, once rather than for ever; null where none does.</summary>
    public static PermissionOption? Permission(List<PermissionOption> options) =>
        options.Find(option => option.Kind == "allow_once") ?? options.Find(option => option.Allows);
}
