using System.Reflection;

namespace Tinyvex.Contract.TypeScript.Shapes;

/// <summary>A member of an object.</summary>
internal sealed record Member(string Name, Shape Shape, PropertyInfo Property)
{
    public required bool IsRequired { get; init; }

    /// <summary>Whether it may be null, beside being absent.</summary>
    public required bool IsNullable { get; init; }
}
