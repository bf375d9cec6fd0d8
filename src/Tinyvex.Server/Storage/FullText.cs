using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Tinyvex.Storage;

/// <summary>
/// What a reading connection needs of FTS5 beyond SQL: the tokenizer of the index, and two functions of our own for a row that matches.
/// <c>relevance(message_search)</c> is its rank, <c>places(message_search)</c> where in its text the words stand.
/// </summary>
/// <remarks>
/// FTS5's <c>bm25()</c> weighs a word by how rare it is and a text by the mean length, both of which each new message changes: the order
/// would move between two pages, and counting the rows of each word takes longer the more there are. This is bm25 without the one and
/// with a fixed mean, so that the rank of a message depends on itself and the words alone.
/// </remarks>
internal sealed unsafe class FullText : IDisposable
{
    /// <summary>Bm25's usual constants: how soon more of a word count no more, and how much a long text counts less.</summary>
    private const double Saturation = 1.2, LengthWeight = 0.75;

    /// <summary>Tokens of a text of middle length: a paragraph or two, as agents write them.</summary>
    private const double MiddleLength = 100;

    /// <summary>A rank is a whole number of thousandths: a page's key must come back as it was, to the last digit.</summary>
    public const int RankUnit = 1_000;

    /// <summary>Places of a row: a snippet shows fewer, and is taken from where they stand closest.</summary>
    private const int MaxPlaces = 64;

    /// <summary>Words of a search, with the thread's: a text of 1 KiB has at most half as many, and the stack bears it.</summary>
    private const int MaxPhrases = 1_024;

    private readonly Fts5Tokenizer _methods;
    private readonly nint _tokenizer;

    public FullText(StoreConnection connection)
    {
        Fts5Api* api = null;
        var statement = connection.Get("SELECT fts5(?1)");
        fixed (byte* type = "fts5_api_ptr"u8)
        {
            statement.BindPointer(1, (nint)(&api), type).Run();
        }

        if (api is null) throw new StoreFailure(raw.SQLITE_ERROR, "this SQLite was compiled without FTS5");
        fixed (byte* relevance = "relevance"u8, places = "places"u8, unicode = "unicode61"u8)
        {
            Check(api->CreateFunction(api, relevance, 0, &Relevance, 0));
            Check(api->CreateFunction(api, places, 0, &Places, 0));
            nint data;
            Fts5Tokenizer methods;
            Check(api->FindTokenizer(api, unicode, &data, &methods));
            _methods = methods;
            fixed (byte* diacritics = "remove_diacritics"u8, all = "2"u8, categories = "categories"u8, words = SearchIndex.WordCategories)
            {
                var arguments = stackalloc byte*[] { diacritics, all, categories, words };
                nint tokenizer;
                Check(_methods.Create(data, arguments, 4, &tokenizer));
                _tokenizer = tokenizer;
            }
        }
    }

    /// <summary>The first tokens of a text, as the bytes from which to which each goes.</summary>
    public List<(int Start, int End)> Tokenize(ReadOnlySpan<byte> utf8, int most = int.MaxValue)
    {
        const int document = 4;
        var tokens = new Tokens(most);
        var handle = GCHandle.Alloc(tokens);
        try
        {
            fixed (byte* text = utf8.IsEmpty ? "\0"u8 : utf8)
            {
                var code = _methods.Tokenize(_tokenizer, GCHandle.ToIntPtr(handle), document, text, utf8.Length, &OnToken);
                if (code != raw.SQLITE_DONE) Check(code);
            }

            return tokens.Ranges;
        }
        finally
        {
            handle.Free();
        }
    }

    public void Dispose()
    {
        if (_tokenizer != 0) _methods.Delete(_tokenizer);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnToken(nint context, int flags, byte* token, int length, int start, int end)
    {
        var tokens = (Tokens)GCHandle.FromIntPtr(context).Target!;
        tokens.Ranges.Add((start, end));
        return tokens.Ranges.Count < tokens.Most ? raw.SQLITE_OK : raw.SQLITE_DONE;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Relevance(Fts5Extension* api, nint row, nint context, int count, nint values)
    {
        var phrases = Math.Min(api->PhraseCount(row), MaxPhrases);
        Span<int> found = stackalloc int[phrases];
        int instances, length = 0;
        var code = api->InstanceCount(row, &instances);
        if (code == raw.SQLITE_OK) code = api->ColumnSize(row, SearchIndex.TextColumn, &length);
        for (var i = 0; i < instances && code == raw.SQLITE_OK; i++)
        {
            int phrase, column, place;
            code = api->Instance(row, i, &phrase, &column, &place);
            if (code == raw.SQLITE_OK && column == SearchIndex.TextColumn && phrase < phrases) found[phrase]++;
        }

        if (code != raw.SQLITE_OK)
        {
            Sqlite3.ResultErrorCode(context, code);
            return;
        }

        var rank = 0.0;
        foreach (var times in found)
        {
            rank += times * (Saturation + 1) / (times + (Saturation * (1 - LengthWeight + (LengthWeight * length / MiddleLength))));
        }

        Sqlite3.ResultInt64(context, (long)Math.Round(rank * RankUnit));
    }

    /// <summary>Pairs of numbers: a match's first token, and how many tokens it has.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Places(Fts5Extension* api, nint row, nint context, int count, nint values)
    {
        var places = stackalloc int[2 * MaxPlaces];
        var written = 0;
        int instances;
        var code = api->InstanceCount(row, &instances);
        for (var i = 0; i < instances && written < 2 * MaxPlaces && code == raw.SQLITE_OK; i++)
        {
            int phrase, column, place;
            code = api->Instance(row, i, &phrase, &column, &place);
            if (code != raw.SQLITE_OK || column != SearchIndex.TextColumn) continue;
            places[written++] = place;
            places[written++] = api->PhraseSize(row, phrase);
        }

        if (code == raw.SQLITE_OK) Sqlite3.ResultBlob(context, (byte*)places, written * sizeof(int), Sqlite3.Transient);
        else Sqlite3.ResultErrorCode(context, code);
    }

    private static void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw new StoreFailure(code, raw.sqlite3_errstr(code).utf8_to_string());
    }

    private sealed class Tokens(int most)
    {
        public int Most => most;

        public List<(int Start, int End)> Ranges { get; } = [];
    }
}
