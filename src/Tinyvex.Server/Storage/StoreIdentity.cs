namespace Tinyvex.Storage;

/// <summary>Which store this is, and which opening of it: what cursors carry beside their position.</summary>
internal sealed record StoreIdentity(string StoreId, long Epoch);
