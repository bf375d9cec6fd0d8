using System.Text;
using SQLitePCL;

namespace Tinyvex.Storage;

/// <summary>
/// One prepared statement, kept for the life of its connection. Used by one thread at a time: bind, step, read, reset.
/// Text goes in and out as UTF-8 bytes, so that a row costs no string it does not need.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly StoreConnection _connection;
    private readonly sqlite3_stmt _handle;

    internal Statement(StoreConnection connection, sqlite3_stmt handle, string sql)
    {
        _connection = connection;
        _handle = handle;
        Sql = sql;
    }

    public string Sql { get; }

    public Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_handle, index, value));
        return this;
    }

    public Statement Bind(int index, long? value) => value is { } some ? Bind(index, some) : BindNull(index);

    public Statement Bind(int index, string? value)
    {
        if (value is null) return BindNull(index);
        Check(raw.sqlite3_bind_text(_handle, index, value));
        return this;
    }

    /// <summary>Binds UTF-8 as text.</summary>
    public Statement BindText(int index, ReadOnlySpan<byte> utf8)
    {
        Check(raw.sqlite3_bind_text(_handle, index, utf8));
        return this;
    }

    /// <summary>Binds UTF-8 as text, and nothing at all as null.</summary>
    public Statement BindText(int index, ReadOnlyMemory<byte>? utf8) => utf8 is { } some ? BindText(index, some.Span) : BindNull(index);

    public Statement BindBlob(int index, ReadOnlySpan<byte> bytes)
    {
        Check(raw.sqlite3_bind_blob(_handle, index, bytes));
        return this;
    }

    public Statement BindNull(int index)
    {
        Check(raw.sqlite3_bind_null(_handle, index));
        return this;
    }

    /// <summary>Moves to the next row; false when there is none, after which the statement is reset.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_handle);
        if (code == raw.SQLITE_ROW) return true;
        if (code == raw.SQLITE_DONE)
        {
            Reset();
            return false;
        }

        var error = _connection.Error(code, Sql);
        Reset();
        throw error;
    }

    /// <summary>Runs a statement that answers no row.</summary>
    public void Run()
    {
        while (Step())
        {
        }
    }

    public void Reset()
    {
        // The code of a reset repeats the failure of the step before it, which has been thrown already.
        _ = raw.sqlite3_reset(_handle);
        _ = raw.sqlite3_clear_bindings(_handle);
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(_handle, column);

    public long? NullableInt64(int column) => IsNull(column) ? null : Int64(column);

    public int Int32(int column) => checked((int)Int64(column));

    /// <summary>The column's bytes, valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(_handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Utf8(column));

    public string? NullableText(int column) => IsNull(column) ? null : Text(column);

    /// <remarks>Spelled out, since a null array would silently become memory that is empty and not null.</remarks>
    public ReadOnlyMemory<byte>? NullableBytes(int column) => IsNull(column) ? (ReadOnlyMemory<byte>?)null : Utf8(column).ToArray();

    public void Dispose() => _handle.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw _connection.Error(code, Sql);
    }
}
