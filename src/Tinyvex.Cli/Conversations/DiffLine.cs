namespace Tinyvex.Cli.Conversations;

/// <summary>A line of a diff: removed (-), added (+), or in both (a space).</summary>
internal readonly record struct DiffLine(char Sign, string Text);
