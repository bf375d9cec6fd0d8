namespace Tinyvex.Admission;

/// <summary>A code that lets somebody in once.</summary>
/// <param name="Code">The secret, as URLs and subprotocols can carry it.</param>
/// <param name="ExpiresAt">When it is no longer taken.</param>
internal readonly record struct OneTimeCode(string Code, DateTimeOffset ExpiresAt);
