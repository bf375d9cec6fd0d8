namespace Tinyvex.Contract.Shaping;

/// <summary>The member may be absent, and null, which is not the same.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OrNullAttribute : Attribute;
