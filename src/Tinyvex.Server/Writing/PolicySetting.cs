namespace Tinyvex.Writing;

/// <summary>A policy for a thread, and who set it.</summary>
internal readonly record struct PolicySetting(Policy Policy, string SetBy);
