using System.Text;
using SQLitePCL;

namespace Tinyvex.Storage;

/// <summary>
/// One prepared statement, kept for the life of its connection. Used by one thread at a time: bind, step, read, reset.
/// Text goes in and out as UTF-8 bytes, so that a row costs no string it does not need.
/// </summary>
internal sealed unsafe class Statement : IDisposable
{
    /// <summary>Strings that are bound are ids and names: nearly all fit on the stack.</summary>
    private const int StackBytes = 512;

    private readonly StoreConnection _connection;
    private readonly sqlite3_stmt _handle;
    private readonly nint _pointer;

    internal Statement(StoreConnection connection, sqlite3_stmt handle, string sql)
    {
        _connection = connection;
        _handle = handle;
        // Good for as long as the handle is, which this object keeps.
        _pointer = handle.DangerousGetHandle();
        Sql = sql;
    }

    public string Sql { get; }

    public Statement Bind(int index, long value)
    {
        Check(Sqlite3.BindInt64(_pointer, index, value));
        return this;
    }

    public Statement Bind(int index, long? value) => value is { } some ? Bind(index, some) : BindNull(index);

    public Statement Bind(int index, string? value)
    {
        if (value is null) return BindNull(index);
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (most > StackBytes) return BindText(index, Encoding.UTF8.GetBytes(value));
        Span<byte> utf8 = stackalloc byte[StackBytes];
        return BindText(index, utf8[..Encoding.UTF8.GetBytes(value, utf8)]);
    }

    /// <summary>Binds UTF-8 as text.</summary>
    public Statement BindText(int index, ReadOnlySpan<byte> utf8)
    {
        // Not of an empty span, whose null would be bound as null.
        fixed (byte* bytes = utf8.IsEmpty ? "\0"u8 : utf8) Check(Sqlite3.BindText(_pointer, index, bytes, utf8.Length, Sqlite3.Transient));
        return this;
    }

    /// <summary>Binds UTF-8 as text, and nothing at all as null.</summary>
    public Statement BindText(int index, ReadOnlyMemory<byte>? utf8) => utf8 is { } some ? BindText(index, some.Span) : BindNull(index);

    public Statement BindBlob(int index, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes.IsEmpty ? "\0"u8 : bytes) Check(Sqlite3.BindBlob(_pointer, index, first, bytes.Length, Sqlite3.Transient));
        return this;
    }

    /// <summary>Binds a pointer that only who knows its type, a text that stays where it is, gets to see.</summary>
    public Statement BindPointer(int index, nint pointer, byte* type)
    {
        Check(Sqlite3.BindPointer(_pointer, index, pointer, type, 0));
        return this;
    }

    public Statement BindNull(int index)
    {
        Check(Sqlite3.BindNull(_pointer, index));
        return this;
    }

    /// <summary>Moves to the next row; false when there is none, after which the statement is reset.</summary>
    public bool Step()
    {
        var code = Sqlite3.Step(_pointer);
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

    /// <summary>The first column of the one row that the statement answers; null where there is no row, or nothing in it.</summary>
    public long? Number()
    {
        if (!Step()) return null;
        var number = NullableInt64(0);
        Reset();
        return number;
    }

    /// <summary>The one row that the statement answers; null where there is none.</summary>
    public T? One<T>(Func<Statement, T> read) where T : class
    {
        if (!Step()) return null;
        var row = read(this);
        Reset();
        return row;
    }

    /// <summary>All rows that the statement answers.</summary>
    public List<T> All<T>(Func<Statement, T> read)
    {
        var rows = new List<T>();
        while (Step()) rows.Add(read(this));
        return rows;
    }

    public void Reset()
    {
        // The code of a reset repeats the failure of the step before it, which has been thrown already.
        _ = Sqlite3.Reset(_pointer);
        _ = Sqlite3.ClearBindings(_pointer);
    }

    public bool IsNull(int column) => Sqlite3.ColumnType(_pointer, column) == raw.SQLITE_NULL;

    public long Int64(int column) => Sqlite3.ColumnInt64(_pointer, column);

    public long? NullableInt64(int column) => IsNull(column) ? null : Int64(column);

    public int Int32(int column) => checked((int)Int64(column));

    /// <summary>The column's bytes, valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => new(Sqlite3.ColumnBlob(_pointer, column), Sqlite3.ColumnBytes(_pointer, column));

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
