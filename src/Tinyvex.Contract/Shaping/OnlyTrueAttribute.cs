namespace Tinyvex.Contract.Shaping;

/// <summary>The member is <c>true</c> or absent.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OnlyTrueAttribute : Attribute;
