namespace Tinyvex.Writing;

/// <summary>A client's key for a write, and what it was sent with: a repeat must be the same control and payload.</summary>
/// <param name="WriteReply">Writes the answer in the form in which it is remembered.</param>
internal sealed record IdempotencyKey(string Key, string Control, byte[] PayloadHash, Func<WriteOutcome, byte[]> WriteReply)
{
    public const string Find = "SELECT control, payloadHash, reply_json FROM idempotency_keys WHERE key = ?1 AND createdAt > ?2";

    public const string Remember = """
        INSERT OR REPLACE INTO idempotency_keys(key, control, payloadHash, reply_json, createdAt) VALUES (?1, ?2, ?3, ?4, ?5)
        """;

    public const string ForgetOne = "DELETE FROM idempotency_keys WHERE key = ?1";

    public const string Forget = "DELETE FROM idempotency_keys WHERE createdAt <= ?1";
}
