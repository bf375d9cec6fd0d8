namespace Tinyvex.Cli.Turns;

/// <summary>How permission requests of a turn are answered.</summary>
internal enum PermissionMode
{
    /// <summary>By whoever sits at this terminal, or by another client where there is none.</summary>
    Ask,

    /// <summary>No, at once.</summary>
    Reject,

    /// <summary>Yes, once each.</summary>
    Allow,
}
